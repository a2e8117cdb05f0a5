package org.oncrpckit.benchmarks.lock;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.oncrpckit.lock.Effect;
import org.oncrpckit.lock.LockTable;
import org.oncrpckit.lock.SystemId;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Drops a system with 100,000 locks on 1,000 files, on which a million locks of other systems
 * stand.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms3g", "-Xmx3g"})
@Warmup(iterations = 3)
@Measurement(iterations = 5)
public class ReleaseSystem {
    private static final int OTHERS = 1_000_000;
    private static final int DROPPED = 100_000;
    private static final int FILES = 1_000;
    private static final int OWNERS = 100;
    private static final SystemId GONE = new SystemId(9, 1);

    private final LockTable table = Workload.roomyTable().build();

    /** Fills the table with the others' locks. */
    @Setup
    public void fill() {
        for (int i = 0; i < OTHERS; i++) {
            SystemId system = new SystemId(1 + i % 8, 1);
            Workload.hold(
                    table,
                    Workload.file(i % FILES),
                    Workload.owner(system, i % OWNERS),
                    Workload.held(i));
        }
    }

    /** Adds the system's own. */
    @Setup(Level.Invocation)
    public void add() {
        for (int i = 0; i < DROPPED; i++) {
            Workload.hold(
                    table,
                    Workload.file(i % FILES),
                    Workload.owner(GONE, i % OWNERS),
                    Workload.measured(i));
        }
    }

    /** Drops it. */
    @Benchmark
    public List<Effect> release() {
        return table.releaseSystem(GONE);
    }
}
