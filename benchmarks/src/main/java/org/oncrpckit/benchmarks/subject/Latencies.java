package org.oncrpckit.benchmarks.subject;

/** Latencies in logarithmic buckets, each at most 1/32 of its value wide. Not thread-safe. */
final class Latencies {
    private static final int FINE_BITS = 5;
    private static final int FINE = 1 << FINE_BITS;

    private final long[] buckets = new long[Long.SIZE * FINE];
    private long count;
    private long longest;

    void add(long nanos) {
        count++;
        buckets[bucketOf(nanos)]++;
        longest = Math.max(longest, nanos);
    }

    void addAll(Latencies others) {
        count += others.count;
        longest = Math.max(longest, others.longest);
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] += others.buckets[i];
        }
    }

    long count() {
        return count;
    }

    double longestMicros() {
        return longest / 1e3;
    }

    /** The value in microseconds that this share (0 to 1) of the latencies does not exceed. */
    double micros(double share) {
        long wanted = (long) (share * count);
        long seen = 0;
        for (int i = 0; i < buckets.length; i++) {
            seen += buckets[i];
            if (seen > wanted || (seen == count && seen > 0)) {
                return Math.min(highestIn(i), longest) / 1e3;
            }
        }
        return 0;
    }

    private static int bucketOf(long nanos) {
        if (nanos < FINE) {
            return (int) nanos;
        }
        int shift = Long.SIZE - 1 - FINE_BITS - Long.numberOfLeadingZeros(nanos);
        return (shift + 1) * FINE + (int) (nanos >>> shift) - FINE;
    }

    private static long highestIn(int bucket) {
        if (bucket < FINE) {
            return bucket;
        }
        int shift = bucket / FINE - 1;
        return ((long) (bucket % FINE + FINE + 1) << shift) - 1;
    }
}
