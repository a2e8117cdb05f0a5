package org.oncrpckit.nsm;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;
import org.oncrpckit.nsm.protocol.AddressLiteral;

/**
 * The name of a host's file: the literal of its address, so that sm-notify and rpc.statd find the
 * host by it. The scope of an IPv6 link-local address follows "%25". No name that came over the
 * network is ever part of a path.
 */
final class HostFileName {
    private static final String SCOPE = "%25";

    private HostFileName() {}

    static String of(InetAddress address) {
        String literal = address.getHostAddress();
        String name = literal.replace("%", SCOPE);
        if (parse(name).isEmpty() && address instanceof Inet6Address scoped) {
            // An interface may have any name; its number is always plain.
            int end = literal.indexOf('%');
            return literal.substring(0, end) + SCOPE + scoped.getScopeId();
        }
        return name;
    }

    /** The address; empty when this is not the name of a host's file. */
    static Optional<InetAddress> parse(String name) {
        int escape = name.indexOf('%');
        if (escape >= 0 && !name.startsWith(SCOPE, escape)) {
            return Optional.empty();
        }
        return AddressLiteral.parse(name.replace(SCOPE, "%"));
    }
}
