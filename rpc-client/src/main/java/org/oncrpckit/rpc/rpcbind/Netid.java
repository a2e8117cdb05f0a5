package org.oncrpckit.rpc.rpcbind;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.oncrpckit.rpc.transport.Transport;

/** Names of transports in rpcbind (RFC 5665 section 5.1). */
public final class Netid {
    /** UDP over IPv4. */
    public static final String UDP = "udp";

    /** TCP over IPv4. */
    public static final String TCP = "tcp";

    /** UDP over IPv6. */
    public static final String UDP6 = "udp6";

    /** TCP over IPv6. */
    public static final String TCP6 = "tcp6";

    /** A UNIX-domain socket. */
    public static final String LOCAL = "local";

    private Netid() {}

    /** The name for a transport to an address; the address does not matter for UNIX. */
    public static String of(Transport transport, InetAddress address) {
        boolean ipv6 = address instanceof Inet6Address;
        return switch (transport) {
            case UDP -> ipv6 ? UDP6 : UDP;
            case TCP -> ipv6 ? TCP6 : TCP;
            case UNIX -> LOCAL;
        };
    }
}
