package org.oncrpckit.rpc.server;

import java.net.SocketAddress;
import org.oncrpckit.rpc.transport.CloseReason;
import org.oncrpckit.rpc.transport.Endpoint;

/**
 * Told what a server does; every method does nothing unless overridden. Called on I/O, worker and
 * timer threads, never under a lock; must be thread-safe and must not block. What it throws is
 * logged and has no effect.
 */
public interface RpcServerListener {
    /** Wants to know nothing. */
    RpcServerListener NONE = new RpcServerListener() {};

    /** A call that had found its procedure has ended. Its reply, if any, was handed over. */
    default void callEnded(CallContext call, CallOutcome outcome) {}

    /** A call ended before it found a procedure. */
    default void callTurnedAway(Endpoint endpoint, SocketAddress peer, CallOutcome outcome) {}

    /**
     * A handler threw, failed the call, or returned results that cannot be encoded. The caller has
     * its error reply already, even if the failure is an {@link Error}.
     */
    default void handlerFailed(CallContext call, Throwable failure) {}

    /** A handler answered a call that had ended: after the time limit, or for a second time. */
    default void lateResult(CallContext call) {}

    /**
     * A reply could not be handed over. A connection that is still open is closed then; a caller
     * over UDP asks again.
     */
    default void replyNotSent(Endpoint endpoint, SocketAddress peer, Endpoint.SendOutcome why) {}

    /** A connection was accepted. */
    default void connectionAccepted(Endpoint connection) {}

    /**
     * A connection was closed to keep to {@link ServerLimits}: a new one, or one that made room.
     */
    default void connectionRefused(Endpoint connection) {}

    /**
     * A connection is not read for the time being: more replies wait for its peer than {@link
     * ByteLimits} allow.
     */
    default void connectionPaused(Endpoint connection) {}

    /** An accepted connection ended. */
    default void connectionClosed(Endpoint connection, CloseReason reason) {}
}
