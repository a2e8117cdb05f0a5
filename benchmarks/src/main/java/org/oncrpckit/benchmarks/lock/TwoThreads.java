package org.oncrpckit.benchmarks.lock;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.oncrpckit.lock.Effect;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.LockPolicy;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.LockRequest;
import org.oncrpckit.lock.LockTable;
import org.oncrpckit.lock.SystemId;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** Pairs of lock and unlock by two threads, each on a file of its own. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Threads(2)
public class TwoThreads {
    /** The table that both use. */
    @State(Scope.Benchmark)
    public static class Shared {
        private final LockTable table = LockTable.builder().build();
        private final AtomicLong threads = new AtomicLong();
    }

    /** What each thread has for itself. */
    @State(Scope.Thread)
    public static class Own {
        private final LockRange range = new LockRange(0, 99);
        private FileId file = Workload.file(0);
        private LockOwner owner = Workload.owner(SystemId.LOCAL, 0);

        /** Tells the threads apart. */
        @Setup
        public void choose(Shared shared) {
            long number = shared.threads.incrementAndGet();
            file = Workload.file(number);
            owner = Workload.owner(SystemId.LOCAL, number);
        }
    }

    /** The pair. */
    @Benchmark
    public List<Effect> lockAndUnlock(Shared shared, Own own) {
        LockRequest request = new LockRequest(own.file, own.owner, own.range, LockMode.EXCLUSIVE);
        shared.table.lock(request, LockPolicy.TRY);
        return shared.table.unlock(own.owner, own.file, own.range);
    }
}
