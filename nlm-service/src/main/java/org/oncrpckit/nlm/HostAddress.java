package org.oncrpckit.nlm;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.oncrpckit.xdr.Opaque;

/**
 * The identity of a client host: its address, IPv4 in IPv6's clothes undressed, link-local ones
 * with their scope.
 *
 * @param address never IPv4-mapped
 * @param scope the interface of a link-local IPv6 address; 0 for every other
 */
record HostAddress(InetAddress address, int scope) {
    private static final int MAPPED_PREFIX_BYTES = 12;

    static HostAddress of(InetAddress address) {
        InetAddress plain = plain(address);
        return new HostAddress(
                plain,
                plain instanceof Inet6Address six && six.isLinkLocalAddress()
                        ? six.getScopeId()
                        : 0);
    }

    /** The address itself, or the IPv4 one that it is in IPv6's clothes. */
    static InetAddress plain(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        byte[] bytes = address.getAddress();
        if (!isMapped(bytes)) {
            return address;
        }
        try {
            // The JDK turns an IPv4-mapped address into the IPv4 one.
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("16 bytes are an address", e);
        }
    }

    /** The same bytes in every run of the daemon. */
    Opaque toOpaque() {
        byte[] bytes = address.getAddress();
        return scope == 0
                ? Opaque.copyOf(bytes)
                : Opaque.copyOf(
                        ByteBuffer.allocate(bytes.length + Integer.BYTES)
                                .put(bytes)
                                .putInt(scope)
                                .array());
    }

    private static boolean isMapped(byte[] bytes) {
        for (int i = 0; i < MAPPED_PREFIX_BYTES; i++) {
            int expected = i < MAPPED_PREFIX_BYTES - 2 ? 0 : 0xff;
            if ((bytes[i] & 0xff) != expected) {
                return false;
            }
        }
        return true;
    }
}
