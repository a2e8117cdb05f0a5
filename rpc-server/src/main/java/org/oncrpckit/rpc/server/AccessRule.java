package org.oncrpckit.rpc.server;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.Set;
import org.oncrpckit.rpc.CallHeader;
import org.oncrpckit.rpc.transport.Transport;

/**
 * Who may call what, by program, procedure and address. Thread-safe; runs on I/O threads and must
 * not block.
 */
@FunctionalInterface
public interface AccessRule {
    /** What happens to a call. */
    enum Decision {
        /** Goes on. */
        ALLOW,
        /** Is answered AUTH_ERROR with AUTH_TOOWEAK: the address is all the caller could show. */
        REFUSE,
        /** Is answered PROG_UNAVAIL, as if the program did not exist. */
        HIDE,
        /** Is dropped. */
        DROP
    }

    /** Ports below this one are privileged: on most systems only the superuser may bind them. */
    int PRIVILEGED_PORTS_END = 1024;

    /**
     * Decides on one call.
     *
     * @param header program, version, procedure and the credential, which is not verified yet when
     *     the rule is the server's, and is when it is a program's
     * @param peer transport source address
     * @param transport what the call came over
     */
    Decision decide(CallHeader header, SocketAddress peer, Transport transport);

    /** This rule, and the other one for what it allows. */
    default AccessRule and(AccessRule other) {
        Objects.requireNonNull(other, "other");
        return (header, peer, transport) -> {
            Decision mine = decide(header, peer, transport);
            return mine == Decision.ALLOW ? other.decide(header, peer, transport) : mine;
        };
    }

    /** This rule for these procedures of every version; all others are allowed. */
    default AccessRule forProcedures(Set<Integer> procedures) {
        Set<Integer> covered = Set.copyOf(procedures);
        return (header, peer, transport) ->
                covered.contains(header.procedure())
                        ? decide(header, peer, transport)
                        : Decision.ALLOW;
    }

    /** Everybody. */
    static AccessRule everybody() {
        return (header, peer, transport) -> Decision.ALLOW;
    }

    /** Only callers on this host, by loopback address or UNIX-domain socket; others are refused. */
    static AccessRule loopbackOnly() {
        return (header, peer, transport) ->
                transport == Transport.UNIX
                                || (peer instanceof InetSocketAddress inet
                                        && inet.getAddress().isLoopbackAddress())
                        ? Decision.ALLOW
                        : Decision.REFUSE;
    }

    /** Only callers from a port below 1024; UNIX-domain sockets have none and are allowed. */
    static AccessRule privilegedPort() {
        return (header, peer, transport) ->
                peer instanceof InetSocketAddress inet && inet.getPort() >= PRIVILEGED_PORTS_END
                        ? Decision.REFUSE
                        : Decision.ALLOW;
    }

    /** Only callers from these networks, and UNIX-domain sockets; others are dropped. */
    static AccessRule onlyFrom(Set<AddressBlock> networks) {
        Set<AddressBlock> allowed = Set.copyOf(networks);
        return (header, peer, transport) ->
                !(peer instanceof InetSocketAddress inet)
                                || allowed.stream().anyMatch(b -> b.contains(inet.getAddress()))
                        ? Decision.ALLOW
                        : Decision.DROP;
    }

    /** Everybody but callers from these networks, who are dropped. */
    static AccessRule notFrom(Set<AddressBlock> networks) {
        Set<AddressBlock> denied = Set.copyOf(networks);
        return (header, peer, transport) ->
                peer instanceof InetSocketAddress inet
                                && denied.stream().anyMatch(b -> b.contains(inet.getAddress()))
                        ? Decision.DROP
                        : Decision.ALLOW;
    }
}
