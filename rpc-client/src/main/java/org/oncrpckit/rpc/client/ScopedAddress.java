package org.oncrpckit.rpc.client;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * An address as a key of maps. The JDK leaves the scope out when it compares IPv6 addresses, but
 * the same link-local address on two links is two hosts.
 *
 * @param address an {@link InetAddress} or a {@link SocketAddress}
 * @param scope the scope number of a link-local IPv6 address, 0 for everything else
 */
record ScopedAddress(Object address, int scope) {
    static ScopedAddress of(InetAddress address) {
        return new ScopedAddress(address, scopeOf(address));
    }

    static ScopedAddress of(SocketAddress address) {
        return new ScopedAddress(address, scopeOf(address));
    }

    /**
     * Whether a reply from one address may belong to a call to the other.
     *
     * @param anyPort whether any port of the same host will do
     */
    static boolean matches(SocketAddress called, SocketAddress from, boolean anyPort) {
        if (!called.equals(from) && !(anyPort && hostOf(called).equals(hostOf(from)))) {
            return false;
        }
        int scope = scopeOf(called);
        // A link-local address without a scope means the one link that the system takes for it.
        return scope == 0 || scope == scopeOf(from);
    }

    private static Object hostOf(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet.getAddress() : address;
    }

    /** The scope number of a link-local IPv6 address, 0 for everything else. */
    static int scopeOf(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? scopeOf(inet.getAddress()) : 0;
    }

    private static int scopeOf(@Nullable InetAddress address) {
        return address instanceof Inet6Address inet6 && inet6.isLinkLocalAddress()
                ? inet6.getScopeId()
                : 0;
    }
}
