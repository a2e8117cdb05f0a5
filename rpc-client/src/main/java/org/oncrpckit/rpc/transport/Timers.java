package org.oncrpckit.rpc.transport;

import java.time.Duration;
import java.time.Instant;

/** Time, as a parameter: the real one, or a simulation's. Thread-safe. */
public interface Timers {
    /** A task that has been scheduled. */
    interface Timer {
        /**
         * Takes the task back.
         *
         * @return true when it will not run; false when it runs, ran or was cancelled before
         */
        boolean cancel();
    }

    /** Monotonic time in nanoseconds from an arbitrary origin; compare by subtraction. */
    long nanoTime();

    /** Wall-clock time, for records that people read. */
    Instant now();

    /**
     * Runs a task once, not before the delay has passed, on the timer thread: it must not block.
     * Scheduling and cancelling cost O(1). What the task throws is logged, nothing else.
     */
    Timer schedule(Duration delay, Runnable task);
}
