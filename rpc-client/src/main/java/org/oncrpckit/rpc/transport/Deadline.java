package org.oncrpckit.rpc.transport;

import java.time.Duration;
import java.util.Objects;

/**
 * When something is to be over at the latest, however many steps it takes. May come nearer, never
 * further. Thread-safe.
 */
public final class Deadline {
    /** Longer durations are cut to this, some 73 years, so that sums of times do not overflow. */
    private static final long NANOS_MAX = Long.MAX_VALUE / 4;

    private final Timers timers;
    private volatile long nanos;

    private Deadline(Timers timers, long nanos) {
        this.timers = timers;
        this.nanos = nanos;
    }

    /** The moment that is so far from now. */
    public static Deadline in(Timers timers, Duration limit) {
        Objects.requireNonNull(timers, "timers");
        return new Deadline(timers, timers.nanoTime() + nanos(limit));
    }

    /** A duration in nanoseconds, cut to what can be added to a {@link Timers#nanoTime}. */
    public static long nanos(Duration duration) {
        return duration.toSeconds() >= NANOS_MAX / 1_000_000_000 ? NANOS_MAX : duration.toNanos();
    }

    /** Brings it nearer: so far from now, unless it is nearer already. */
    public void shortenTo(Duration limit) {
        long other = timers.nanoTime() + nanos(limit);
        synchronized (this) {
            if (other - nanos < 0) {
                nanos = other;
            }
        }
    }

    /** Time that is left, zero when none is. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, nanos - timers.nanoTime()));
    }

    /** Whether no time is left. */
    public boolean isOver() {
        return nanos - timers.nanoTime() <= 0;
    }
}
