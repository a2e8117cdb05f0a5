package org.oncrpckit.benchmarks.lock;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The same pair on a plain list of locks that every operation walks, as most lock managers have it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 2, time = 1)
public class HeldInList {
    private record Held(long first, long last, long owner) {
        boolean meets(long otherFirst, long otherLast) {
            return Long.compareUnsigned(first, otherLast) <= 0
                    && Long.compareUnsigned(otherFirst, last) <= 0;
        }
    }

    /** How many locks are held, an owner for each. */
    @Param({"0", "1000", "10000"})
    private int held;

    private final List<Held> locks = new ArrayList<>();
    private long random = 1;

    /** Fills the list. */
    @Setup
    public void fill() {
        for (int i = 0; i < held; i++) {
            locks.add(new Held(i * Workload.SLOT, i * Workload.SLOT + 1, i));
        }
    }

    /** The pair. */
    @Benchmark
    public boolean lockAndUnlock() {
        random = random * 6364136223846793005L + 1442695040888963407L;
        long first = (random >>> 33) % Math.max(1, held) * Workload.SLOT + 4;
        return lock(first, first + 1, -1) && unlock(first, first + 1, -1);
    }

    private synchronized boolean lock(long first, long last, long owner) {
        for (Held h : locks) {
            if (h.owner != owner && h.meets(first, last)) {
                return false;
            }
        }
        locks.add(new Held(first, last, owner));
        return true;
    }

    private synchronized boolean unlock(long first, long last, long owner) {
        return locks.removeIf(h -> h.owner == owner && h.meets(first, last));
    }
}
