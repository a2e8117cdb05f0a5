package org.oncrpckit.nsm;

import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * The identity of a host: its address and, for a link-local one, the link. Java's own comparison
 * leaves the link out, and the same address on two links is two hosts.
 *
 * @param address with its scope
 * @param scope number of the interface; 0 for an address that means the same everywhere
 */
record HostKey(InetAddress address, int scope) {
    static HostKey of(InetAddress address) {
        boolean scoped = address instanceof Inet6Address && address.isLinkLocalAddress();
        return new HostKey(address, scoped ? ((Inet6Address) address).getScopeId() : 0);
    }
}
