package org.oncrpckit.rpc.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/** The other end of a connection that was attached: it is there or it is gone for good. */
final class AttachedPeer extends ConnectionPeer {
    private final CallChannel channel;

    AttachedPeer(ClientContext context, CallChannel channel) {
        super(context);
        this.channel = channel;
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
