package org.oncrpckit.nlm;

import java.net.InetSocketAddress;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.rpc.AuthStatus;
import org.oncrpckit.rpc.OpaqueAuth;
import org.oncrpckit.rpc.server.CallContext;
import org.oncrpckit.rpc.server.CallRejectedException;

/**
 * Who calls, and how: as far as this makes the identity of an owner, and what calling back needs.
 *
 * @param client the host
 * @param route how it came here
 * @param credential who is asking there, so he says
 * @param oneWay whether the call is a {@code _MSG}
 * @param answer tells when the answer has left
 */
record Caller(
        HostAddress client, Route route, OpaqueAuth credential, boolean oneWay, Answer answer) {
    /** The answer to a call, whichever way it goes. */
    @FunctionalInterface
    interface Answer {
        /** Runs an action when the answer has left, or it is certain that none will. */
        void whenGone(Runnable action);
    }

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
                        HostAddress.plain(local.getAddress()),
                        call.endpoint().transport(),
                        call.header().programVersion().version());
        return new Caller(
                HostAddress.of(peer.getAddress()),
                route,
                call.header().credential(),
                false,
                call::afterReply);
    }

    /** The same as a {@code _MSG}, which is answered in another way. */
    Caller byMessage(Answer other) {
        return new Caller(client, route, credential, true, other);
    }

    /** The version of the protocol that it speaks. */
    NlmVersion version() {
        return NlmVersion.of(route.version());
    }

    /** The same, for those who are asked as lock clients. */
    ClientRole.Sender sender() {
        return new ClientRole.Sender(
                client.address(), route.server(), route.transport(), version());
    }
}
