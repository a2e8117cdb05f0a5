package org.oncrpckit.rpc.socket;

import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.oncrpckit.rpc.transport.CloseReason;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.EndpointStatistics;
import org.oncrpckit.rpc.transport.MessageReceiver;
import org.oncrpckit.rpc.transport.Receivers;
import org.slf4j.LoggerFactory;

/** What UDP sockets and connections share. */
abstract class SocketEndpoint implements Endpoint {
    private static final RateLimitedLog FAILURES =
            new RateLimitedLog(LoggerFactory.getLogger(SocketEndpoint.class), System::nanoTime);

    final Receivers receivers =
            new Receivers(failure -> FAILURES.warn("a receiver failed", failure));
    private final SocketAddress local;
    private final CompletableFuture<CloseReason> closed = new CompletableFuture<>();

    SocketEndpoint(SocketAddress local) {
        this.local = local;
    }

    /** Closes, unless it is closed already: the first reason stands. */
    abstract void close(CloseReason reason);

    /** Somebody is there to receive, or waits for what comes of a message. Idempotent. */
    abstract void startReading();

    @Override
    public final SocketAddress localAddress() {
        return local;
    }

    @Override
    public final void receiveCalls(MessageReceiver receiver) {
        receivers.attachCalls(receiver);
        startReading();
    }

    @Override
    public final void receiveReplies(MessageReceiver receiver) {
        receivers.attachReplies(receiver);
        startReading();
    }

    @Override
    public final EndpointStatistics statistics() {
        return receivers.statistics();
    }

    @Override
    public final CompletionStage<CloseReason> closed() {
        return closed.minimalCompletionStage();
    }

    @Override
    public final void close() {
        close(CloseReason.LOCAL);
    }

    /** Tells those who wait for the close. Never under a lock. */
    final void completeClosed(CloseReason reason) {
        closed.complete(reason);
    }

    @Override
    public String toString() {
        return transport() + " " + local + peer().map(to -> " to " + to).orElse("");
    }
}
