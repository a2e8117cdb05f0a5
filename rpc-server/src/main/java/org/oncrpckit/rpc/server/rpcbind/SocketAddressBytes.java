package org.oncrpckit.rpc.server.rpcbind;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.oncrpckit.xdr.Opaque;

/**
 * Socket addresses as Linux lays them out, family in the byte order of the machine, the rest in the
 * network's.
 *
 * <pre>
 * IPv4   | family 2 | port 2 | address 4 | zero 8 |
 * IPv6   | family 2 | port 2 | flow 4 | address 16 | scope 4 |
 * </pre>
 */
final class SocketAddressBytes {
    private static final short AF_INET = 2;
    private static final short AF_INET6 = 10;
    private static final int IPV4_BYTES = 16;
    private static final int IPV6_BYTES = 28;

    private SocketAddressBytes() {}

    static Opaque of(InetSocketAddress address) {
        boolean six = address.getAddress() instanceof Inet6Address;
        ByteBuffer bytes = ByteBuffer.allocate(six ? IPV6_BYTES : IPV4_BYTES);
        bytes.order(ByteOrder.nativeOrder()).putShort(six ? AF_INET6 : AF_INET);
        bytes.order(ByteOrder.BIG_ENDIAN).putShort((short) address.getPort());
        bytes.position(six ? 8 : 4);
        bytes.put(address.getAddress().getAddress());
        return Opaque.copyOf(bytes.array());
    }

    /** Empty when the bytes are no such address. */
    static Optional<InetSocketAddress> parse(Opaque opaque) {
        ByteBuffer bytes = opaque.asByteBuffer();
        if (bytes.remaining() < IPV4_BYTES) {
            return Optional.empty();
        }
        short family = bytes.order(ByteOrder.nativeOrder()).getShort();
        int port = bytes.order(ByteOrder.BIG_ENDIAN).getShort() & 0xffff;
        byte[] address;
        if (family == AF_INET) {
            address = new byte[4];
        } else if (family == AF_INET6 && opaque.length() >= IPV6_BYTES) {
            address = new byte[16];
            bytes.position(8);
        } else {
            return Optional.empty();
        }
        bytes.get(address);
        try {
            return Optional.of(new InetSocketAddress(InetAddress.getByAddress(address), port));
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are an address", e);
        }
    }
}
