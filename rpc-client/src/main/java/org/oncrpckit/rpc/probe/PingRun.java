package org.oncrpckit.rpc.probe;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.CallTrace;
import org.oncrpckit.rpc.client.Failures;
import org.oncrpckit.rpc.client.Retransmission;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcClientListener;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.client.RpcTimeoutException;
import org.oncrpckit.xdr.Nothing;

/**
 * Calls of procedure 0, one after the other or several at a time, each sent once and timed from
 * there to its reply. As the client's listener it learns the times; the thread that runs it waits.
 */
final class PingRun implements RpcClientListener {
    /**
     * What is done.
     *
     * @param count pings, at least 1
     * @param inFlight pings that may wait for their reply at the same time, at least 1
     * @param interval between the starts of two pings
     */
    record Plan(int count, int inFlight, Duration interval) {}

    /**
     * What came of it.
     *
     * @param sent pings that were begun
     * @param answered of them executed by the server
     * @param lost of them not answered in time
     * @param firstFailure what the first failure other than a loss was
     * @param latencies of the answered ones
     */
    record Result(
            int sent,
            int answered,
            int lost,
            Optional<Throwable> firstFailure,
            Latencies.Summary latencies) {}

    private final Latencies latencies = new Latencies();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> firstFailure = new AtomicReference<>();
    private volatile boolean timing;

    @Override
    public void replied(CallTrace call, Duration sinceSent) {
        if (timing) {
            latencies.add(sinceSent);
        }
    }

    /** Runs to the end, or to the first failure that is not a loss while nothing was answered. */
    Result run(
            RpcClient client,
            RpcTarget target,
            Procedure<Nothing, Nothing> procedure,
            CallOptions options,
            Plan plan)
            throws InterruptedException {
        CallOptions once = options.withRetransmission(Retransmission.NEVER);
        Semaphore slots = new Semaphore(plan.inFlight());
        timing = true;
        int sent = 0;
        while (sent < plan.count() && !isHopeless()) {
            if (sent > 0) {
                TimeUnit.NANOSECONDS.sleep(plan.interval().toNanos());
            }
            slots.acquire();
            sent++;
            var unused =
                    client.call(target, procedure, Nothing.NOTHING, once)
                            .whenComplete(
                                    (nothing, failure) -> {
                                        ended(failure);
                                        slots.release();
                                    });
        }
        slots.acquire(plan.inFlight());
        return new Result(
                sent,
                answered.get(),
                lost.get(),
                Optional.ofNullable(firstFailure.get()),
                latencies.summary());
    }

    private boolean isHopeless() {
        return firstFailure.get() != null && answered.get() == 0;
    }

    private void ended(@Nullable Throwable failure) {
        if (failure == null) {
            answered.incrementAndGet();
            return;
        }
        Throwable cause = Failures.causeOf(failure);
        if (cause instanceof RpcTimeoutException) {
            lost.incrementAndGet();
        } else {
            firstFailure.compareAndSet(null, cause);
        }
    }
}
