package org.oncrpckit.benchmarks.lock;

import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Requests of as many owners that wait for one range: the time to queue all, and to serve all one
 * by one.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms2g", "-Xmx2g"})
@Warmup(iterations = 15)
@Measurement(iterations = 5)
public class Queue {
    private static final LockRange RANGE = new LockRange(100, 199);

    /** How many wait. */
    @Param({"1000", "10000", "100000"})
    private int waiting;

    private LockTable table = LockTable.builder().build();
    private final FileId file = Workload.file(0);
    private LockOwner[] owners = {};

    private void ask(int owner) {
        table.lock(
                new LockRequest(file, owners[owner], RANGE, LockMode.EXCLUSIVE), LockPolicy.WAIT);
    }

    /** Holds the range once. */
    @Setup(Level.Invocation)
    public void hold() {
        table = Workload.roomyTable().build();
        owners = new LockOwner[waiting + 1];
        for (int i = 0; i <= waiting; i++) {
            owners[i] = Workload.owner(SystemId.LOCAL, i);
        }
        ask(0);
    }

    /** Queues all, then lets each unlock in turn, which grants the next. */
    @Benchmark
    public long queueAndDrain() {
        for (int i = 1; i <= waiting; i++) {
            ask(i);
        }
        long granted = 0;
        for (int i = 0; i < waiting; i++) {
            granted += table.unlock(owners[i], file, RANGE).size();
        }
        if (granted != waiting) {
            throw new IllegalStateException(granted + " granted (expected: " + waiting + ")");
        }
        return granted;
    }

    /** Queues all. */
    @Benchmark
    public LockTable queueOnly() {
        for (int i = 1; i <= waiting; i++) {
            ask(i);
        }
        return table;
    }
}
