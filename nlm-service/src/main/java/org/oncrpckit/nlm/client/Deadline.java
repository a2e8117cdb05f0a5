package org.oncrpckit.nlm.client;

import java.time.Duration;
import org.oncrpckit.rpc.transport.Timers;

/** When something ends at the latest. May come nearer, never further. Thread-safe. */
final class Deadline {
    private final Timers timers;
    private volatile long nanos;

    private Deadline(Timers timers, long nanos) {
        this.timers = timers;
        this.nanos = nanos;
    }

    static Deadline in(Timers timers, Duration limit) {
        return new Deadline(timers, timers.nanoTime() + limit.toNanos());
    }

    /** Brings it nearer. */
    void shortenTo(Duration limit) {
        long other = timers.nanoTime() + limit.toNanos();
        synchronized (this) {
            if (other - nanos < 0) {
                nanos = other;
            }
        }
    }

    /** Time that is left, zero when none is. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, nanos - timers.nanoTime()));
    }

    boolean isOver() {
        return nanos - timers.nanoTime() <= 0;
    }
}
