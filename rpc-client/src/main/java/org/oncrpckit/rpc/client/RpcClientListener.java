package org.oncrpckit.rpc.client;

import java.net.SocketAddress;
import java.time.Duration;
import org.oncrpckit.rpc.transport.CloseReason;
import org.oncrpckit.rpc.transport.Endpoint;

/**
 * Watches a client at work. Methods are called on I/O, timer and callers' threads, several at a
 * time, never under a lock: they must be thread-safe and must not block. What they throw is logged
 * and has no other effect. Counters that need no listener are in {@link RpcClient#statistics}.
 */
public interface RpcClientListener {
    /** Watches nothing. */
    RpcClientListener NONE = new RpcClientListener() {};

    /** A call is about to be handed to the socket, for the {@code call.transmissions()}th time. */
    default void sent(CallTrace call) {}

    /**
     * A reply was taken for a call, be it results or a rejection.
     *
     * @param sinceSent time since the call's last transmission
     */
    default void replied(CallTrace call, Duration sinceSent) {}

    /** A call brought no result. */
    default void failed(RpcException failure) {}

    /** The caller cancelled a call. */
    default void cancelled(CallTrace call) {}

    /** A reply was dropped. */
    default void replyDropped(Endpoint endpoint, SocketAddress from, DroppedReply why) {}

    /** Round-trip time, time-out or window of a host changed. */
    default void measured(SocketAddress host, HostMeasure measure) {}

    /** A connection is open. */
    default void connected(RpcTarget target) {}

    /** An attempt to connect failed; the next is made after {@code backoff} at the earliest. */
    default void connectFailed(RpcTarget target, Throwable failure, Duration backoff) {}

    /** A connection has ended. */
    default void disconnected(RpcTarget target, CloseReason reason) {}
}
