package org.oncrpckit.nlm;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.oncrpckit.rpc.AuthStatus;
import org.oncrpckit.rpc.server.CallContext;
import org.oncrpckit.rpc.server.CallRejectedException;
import org.oncrpckit.rpc.transport.Transport;

/**
 * Who calls, and how: as far as this makes the identity of an owner, and what calling back needs.
 *
 * @param client the host
 * @param route how it came here
 * @param call the call
 */
record Caller(HostAddress client, Route route, CallContext call) {
    /**
     * The way between a client and this host. One owner's name means different owners on different
     * ways: Linux counts svids apart for each.
     *
     * @param server the address of this host that was asked
     * @param transport over what
     * @param version of the protocol
     */
    record Route(InetAddress server, Transport transport, int version) {}

    /**
     * Reads a call.
     *
     * @throws CallRejectedException when it did not come over a network
     */
    static Caller of(CallContext call) throws CallRejectedException {
        if (!(call.peer() instanceof InetSocketAddress peer)
                || !(call.endpoint().localAddress() instanceof InetSocketAddress local)) {
            throw new CallRejectedException(AuthStatus.AUTH_TOOWEAK);
        }
        Route route =
                new Route(
                        HostAddress.of(local.getAddress()).address(),
                        call.endpoint().transport(),
                        call.header().programVersion().version());
        return new Caller(HostAddress.of(peer.getAddress()), route, call);
    }
}
