package org.oncrpckit.rpc.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/** The other end of a connection that was attached: it is there or it is gone for good. */
final class AttachedPeer extends Peer {
    private final CallChannel channel;

    AttachedPeer(ClientContext context, CallChannel channel) {
        super(context);
        this.channel = channel;
    }

    @Override
    @GuardedBy("this")
    int window() {
        return context.connections().inFlight();
    }

    @Override
    @GuardedBy("this")
    @Nullable CallChannel channelFor(Call<?> call) {
        return channel;
    }

    @Override
    void notStarted(Call<?> call, CallChannel closedChannel) {
        call.fail(trace -> new RpcClosedException("connection closed", trace));
    }

    @Override
    long firstInterval(Retransmission policy) {
        return Long.MAX_VALUE;
    }

    @Override
    void lost(Retransmission policy, long lastSentNanos, long intervalNanos) {
        throw new IllegalStateException("a stream does not retransmit");
    }

    @Override
    void refused() {
        // The message was too long, or the like: nothing to learn about the peer.
    }

    @Override
    void answered(int inFlightBefore, long roundTripNanos) {
        // No estimate is kept for a stream.
    }

    @Override
    void wakeUp() {
        // The window opens when a call ends; nothing else is waited for.
    }

    @Override
    boolean isDisposable(long idleNanos) {
        return channel.isShut() && isIdleFor(idleNanos);
    }
}
