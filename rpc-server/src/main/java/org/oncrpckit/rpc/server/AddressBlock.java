package org.oncrpckit.rpc.server;

import java.net.InetAddress;
import java.util.Objects;

/**
 * A network: the addresses that share their first bits with {@code address}. IPv4 and IPv6 never
 * share any.
 *
 * @param address any address of the network
 * @param prefixBits how many bits they share, 0 to 32 (IPv4) or 128 (IPv6)
 */
public record AddressBlock(InetAddress address, int prefixBits) {
    /** Checks the number of bits. */
    public AddressBlock {
        Objects.requireNonNull(address, "address");
        int bits = address.getAddress().length * Byte.SIZE;
        if (prefixBits < 0 || prefixBits > bits) {
            throw new IllegalArgumentException(
                    "%s/%d (expected: 0 to %d bits)"
                            .formatted(address.getHostAddress(), prefixBits, bits));
        }
    }

    /** Whether the address belongs to the network. */
    public boolean contains(InetAddress candidate) {
        byte[] mine = address.getAddress();
        byte[] other = candidate.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        int whole = prefixBits / Byte.SIZE;
        for (int i = 0; i < whole; i++) {
            if (mine[i] != other[i]) {
                return false;
            }
        }
        int rest = prefixBits % Byte.SIZE;
        return rest == 0 || ((mine[whole] ^ other[whole]) & 0xff) >>> (Byte.SIZE - rest) == 0;
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefixBits;
    }
}
