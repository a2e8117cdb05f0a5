package org.oncrpckit.rpc.socket;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.transport.Timers;

/**
 * Notices that the peer of a connection takes nothing, for a limit, of what waits for it. A timer
 * runs from when the socket is full, and for at most the limit after it was not. Thread-safe.
 */
final class StallTimer {
    private final Timers timers;
    private final Duration limit;
    private final BooleanSupplier full;
    private final Runnable stalled;

    /** When the peer took something that waited, or when it began not to. */
    private volatile long progressNanos;

    @GuardedBy("this")
    private boolean ended;

    @GuardedBy("this")
    private Timers.@Nullable Timer timer;

    /**
     * A timer that does not run yet.
     *
     * @param limit zero for never
     * @param full whether the socket is full now
     * @param stalled called at most once, on the timer thread
     */
    StallTimer(Timers timers, Duration limit, BooleanSupplier full, Runnable stalled) {
        this.timers = timers;
        this.limit = limit;
        this.full = full;
        this.stalled = stalled;
    }

    /**
     * The socket is full.
     *
     * @param progress whether it has taken something before, or has only just become full
     */
    void full(boolean progress) {
        if (limit.isZero()) {
            return;
        }
        if (progress) {
            progressNanos = timers.nanoTime();
        }
        start(limit);
    }

    /** The connection has ended. */
    synchronized void end() {
        ended = true;
        if (timer != null) {
            timer.cancel();
        }
    }

    private synchronized void start(Duration delay) {
        if (!ended && timer == null) {
            timer = timers.schedule(delay, this::check);
        }
    }

    private void check() {
        synchronized (this) {
            timer = null;
        }
        // Looked at afterwards: who fills the socket from now on finds that no timer runs.
        if (!full.getAsBoolean()) {
            return;
        }
        long left = limit.toNanos() - (timers.nanoTime() - progressNanos);
        if (left <= 0) {
            stalled.run();
        } else {
            start(Duration.ofNanos(left));
        }
    }
}
