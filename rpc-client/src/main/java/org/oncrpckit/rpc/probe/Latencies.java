package org.oncrpckit.rpc.probe;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.Arrays;

/** Round-trip times, to be summed up as percentiles by the nearest-rank method. Thread-safe. */
final class Latencies {
    private static final int FIRST_CAPACITY = 64;

    @GuardedBy("this")
    private long[] nanos = new long[FIRST_CAPACITY];

    @GuardedBy("this")
    private int size;

    synchronized void add(Duration roundTrip) {
        if (size == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * size);
        }
        nanos[size++] = roundTrip.toNanos();
    }

    /**
     * What they come to, in nanoseconds.
     *
     * @param min the shortest
     * @param p50 half of them took no longer
     * @param p90 nine in ten took no longer
     * @param p99 ninety-nine in a hundred took no longer
     * @param max the longest
     */
    record Summary(long min, long p50, long p90, long p99, long max) {}

    /** The summary; all zero while there are none. */
    synchronized Summary summary() {
        if (size == 0) {
            return new Summary(0, 0, 0, 0, 0);
        }
        long[] sorted = Arrays.copyOf(nanos, size);
        Arrays.sort(sorted);
        return new Summary(
                sorted[0],
                percentile(sorted, 50),
                percentile(sorted, 90),
                percentile(sorted, 99),
                sorted[sorted.length - 1]);
    }

    private static long percentile(long[] sorted, int percent) {
        long rank = ((long) percent * sorted.length + 99) / 100;
        return sorted[(int) rank - 1];
    }
}
