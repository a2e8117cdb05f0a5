package org.oncrpckit.rpc.client;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.oncrpckit.rpc.transport.CloseReason;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.RateLimitedLog;
import org.slf4j.LoggerFactory;

/** Counts what happens and tells the listener. Thread-safe; never called under a lock. */
final class ClientEvents {
    private static final RateLimitedLog LISTENER_FAILURES =
            new RateLimitedLog(LoggerFactory.getLogger(ClientEvents.class));

    private final LongAdder calls = new LongAdder();
    private final LongAdder successes = new LongAdder();
    private final LongAdder rejections = new LongAdder();
    private final LongAdder timeouts = new LongAdder();
    private final LongAdder unreachable = new LongAdder();
    private final LongAdder badReplies = new LongAdder();
    private final LongAdder closures = new LongAdder();
    private final LongAdder cancellations = new LongAdder();
    private final LongAdder transmissions = new LongAdder();
    private final LongAdder retransmissions = new LongAdder();
    private final LongAdder unmatched = new LongAdder();
    private final LongAdder foreign = new LongAdder();
    private final LongAdder malformed = new LongAdder();
    private final LongAdder connectionsOpened = new LongAdder();
    private final LongAdder connectionsFailed = new LongAdder();
    private final AtomicInteger running = new AtomicInteger();
    private final RpcClientListener listener;

    /** Looked at before a frequent event is put into words, which would cost memory. */
    private final boolean watched;

    ClientEvents(RpcClientListener listener) {
        this.listener = listener;
        this.watched = listener != RpcClientListener.NONE;
    }

    /** A call begins: counted as running, whatever comes of it. */
    int begun() {
        calls.increment();
        return running.incrementAndGet();
    }

    /** A call has ended. */
    void ended() {
        running.decrementAndGet();
    }

    void sending(Supplier<CallTrace> call) {
        if (watched) {
            tell(listener -> listener.sent(call.get()));
        }
    }

    void sent(boolean again) {
        transmissions.increment();
        if (again) {
            retransmissions.increment();
        }
    }

    void succeeded() {
        successes.increment();
    }

    void replied(Supplier<CallTrace> call, long sinceSentNanos) {
        if (watched) {
            tell(listener -> listener.replied(call.get(), Duration.ofNanos(sinceSentNanos)));
        }
    }

    void failed(RpcException failure) {
        counterOf(failure).increment();
        tell(listener -> listener.failed(failure));
    }

    void cancelled(Supplier<CallTrace> call) {
        cancellations.increment();
        tell(listener -> listener.cancelled(call.get()));
    }

    void dropped(Endpoint endpoint, SocketAddress from, DroppedReply why) {
        LongAdder counter =
                switch (why) {
                    case UNMATCHED -> unmatched;
                    case FOREIGN -> foreign;
                    case MALFORMED -> malformed;
                };
        counter.increment();
        tell(listener -> listener.replyDropped(endpoint, from, why));
    }

    void measured(SocketAddress host, Supplier<HostMeasure> measure) {
        if (watched) {
            tell(listener -> listener.measured(host, measure.get()));
        }
    }

    void connected(RpcTarget target) {
        connectionsOpened.increment();
        tell(listener -> listener.connected(target));
    }

    void connectFailed(RpcTarget target, Throwable failure, long backoffNanos) {
        connectionsFailed.increment();
        tell(listener -> listener.connectFailed(target, failure, Duration.ofNanos(backoffNanos)));
    }

    void disconnected(RpcTarget target, CloseReason reason) {
        tell(listener -> listener.disconnected(target, reason));
    }

    RpcClientStatistics snapshot(int hosts, int connections, int endpoints) {
        return new RpcClientStatistics(
                calls.sum(),
                successes.sum(),
                rejections.sum(),
                timeouts.sum(),
                unreachable.sum(),
                badReplies.sum(),
                closures.sum(),
                cancellations.sum(),
                transmissions.sum(),
                retransmissions.sum(),
                unmatched.sum(),
                foreign.sum(),
                malformed.sum(),
                connectionsOpened.sum(),
                connectionsFailed.sum(),
                running.get(),
                hosts,
                connections,
                endpoints);
    }

    private LongAdder counterOf(RpcException failure) {
        if (failure instanceof RpcTimeoutException) {
            return timeouts;
        }
        if (failure instanceof RpcRejectedException) {
            return rejections;
        }
        if (failure instanceof RpcBadReplyException) {
            return badReplies;
        }
        return failure instanceof RpcClosedException ? closures : unreachable;
    }

    private void tell(Consumer<RpcClientListener> event) {
        if (!watched) {
            return;
        }
        try {
            event.accept(listener);
        } catch (RuntimeException e) {
            LISTENER_FAILURES.warn("client listener failed", e);
        }
    }
}
