package org.oncrpckit.benchmarks.subject;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * So many chains of calls, in each of which a reply starts the next call on the thread that brought
 * it: how an asynchronous user keeps calls in flight.
 */
final class ClosedLoop {
    private static final long GIVE_UP_SECONDS = 10;

    /** Starts one call. */
    interface Caller {
        /**
         * Calls.
         *
         * @param number counts the calls of all chains, to spread them over hosts
         * @param done to be told, once
         */
        void call(long number, Done done);
    }

    /** Told how a call ended. */
    interface Done {
        void done(boolean success);
    }

    private final Caller caller;
    private final long ends;
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final CountDownLatch running;

    private ClosedLoop(Caller caller, Load load) {
        this.caller = caller;
        this.ends = System.nanoTime() + (long) (load.seconds() * 1e9);
        this.running = new CountDownLatch(load.inFlight());
    }

    /** Runs the load to its end. */
    static Load.Result run(Load load, Caller caller) throws InterruptedException {
        ClosedLoop loop = new ClosedLoop(caller, load);
        Chain[] chains = new Chain[load.inFlight()];
        long started = System.nanoTime();
        for (int i = 0; i < chains.length; i++) {
            chains[i] = loop.new Chain();
            chains[i].next(System.nanoTime());
        }
        if (!loop.running.await((long) load.seconds() + GIVE_UP_SECONDS, TimeUnit.SECONDS)) {
            loop.errors.addAndGet(loop.running.getCount());
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        Latencies all = new Latencies();
        for (Chain chain : chains) {
            all.addAll(chain.latencies);
        }
        return new Load.Result(all, loop.errors.get(), seconds);
    }

    /** One call after the other, so it needs no lock: each reply happens before the next call. */
    private final class Chain implements Done {
        private final Latencies latencies = new Latencies();
        private long sent;

        private void next(long now) {
            if (now >= ends) {
                running.countDown();
                return;
            }
            sent = now;
            caller.call(numbers.getAndIncrement(), this);
        }

        @Override
        public void done(boolean success) {
            long now = System.nanoTime();
            latencies.add(now - sent);
            if (!success) {
                errors.incrementAndGet();
            }
            next(now);
        }
    }
}
