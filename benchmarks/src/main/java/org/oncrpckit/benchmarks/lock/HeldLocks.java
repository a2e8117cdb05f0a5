package org.oncrpckit.benchmarks.lock;

import java.util.List;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A pair of lock and unlock at a random place among so many held locks. A million of them take some
 * seconds until what works on them is compiled.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms3g", "-Xmx3g"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class HeldLocks {
    /** Who holds the locks, and where. */
    public enum Layout {
        /** One file, one owner. */
        ONE_OWNER,
        /** One file, an owner for each lock. */
        OWNER_EACH,
        /** A file for each lock, one owner; the measured locks are another owner's. */
        FILE_EACH
    }

    /** How many locks are held. */
    @Param({"0", "1000", "10000", "100000", "1000000"})
    private int held;

    /** Who holds them. */
    @Param private Layout layout = Layout.ONE_OWNER;

    private LockTable table = LockTable.builder().build();
    private FileId[] files = {};
    private LockOwner owner = Workload.owner(SystemId.LOCAL, -1);
    private long random = 1;

    /** Fills the table. */
    @Setup
    public void fill() {
        table = Workload.roomyTable().build();
        files = new FileId[layout == Layout.FILE_EACH ? Math.max(1, held) : 1];
        for (int i = 0; i < files.length; i++) {
            files[i] = Workload.file(i);
        }
        LockOwner holder = layout == Layout.FILE_EACH ? Workload.owner(SystemId.LOCAL, -2) : owner;
        for (int i = 0; i < held; i++) {
            LockOwner each =
                    layout == Layout.OWNER_EACH ? Workload.owner(SystemId.LOCAL, i) : holder;
            Workload.hold(table, files[i % files.length], each, Workload.held(i));
        }
    }

    /** The pair. */
    @Benchmark
    public List<Effect> lockAndUnlock() {
        random = random * 6364136223846793005L + 1442695040888963407L;
        int place = (int) ((random >>> 33) % Math.max(1, held));
        FileId file = files[place % files.length];
        LockRange range = Workload.measured(place);
        table.lock(new LockRequest(file, owner, range, LockMode.EXCLUSIVE), LockPolicy.TRY);
        return table.unlock(owner, file, range);
    }
}
