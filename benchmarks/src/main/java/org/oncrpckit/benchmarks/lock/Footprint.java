package org.oncrpckit.benchmarks.lock;

import java.util.function.LongConsumer;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.LockPolicy;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.LockRequest;
import org.oncrpckit.lock.LockTable;
import org.oncrpckit.lock.Scope;
import org.oncrpckit.lock.SystemId;

/**
 * How much heap locks and waiting requests take, all that they refer to included. Prints {@code
 * what|bytes} for each. Its own process, so that nothing else is on the heap.
 */
public final class Footprint {
    private static final int HELD = 1_000_000;
    private static final int WAITING = 100_000;

    private Footprint() {}

    /** Measures everything. Wants a heap of 2 GB. */
    public static void main(String[] arguments) {
        LockOwner one = Workload.owner(SystemId.LOCAL, -1);
        FileId file = Workload.file(0);
        LockTable table = Workload.roomyTable().build();
        print(
                "held lock, one owner",
                HELD,
                i -> Workload.hold(table, file, one, Workload.held(scattered(i))),
                table);
        LockTable owners = Workload.roomyTable().build();
        print(
                "held lock, an owner each",
                HELD,
                i ->
                        Workload.hold(
                                owners,
                                file,
                                Workload.owner(SystemId.LOCAL, i),
                                Workload.held(scattered(i))),
                owners);
        LockTable files = Workload.roomyTable().build();
        print(
                "file with one lock",
                HELD,
                i -> Workload.hold(files, Workload.file(i), one, Workload.held(0)),
                files);
        LockTable queue = Workload.roomyTable().build();
        Workload.hold(queue, file, one, LockRange.ALL);
        print(
                "waiting request on one range, an owner each",
                WAITING,
                i -> {
                    LockOwner owner = Workload.owner(SystemId.LOCAL, i);
                    LockRange range = new LockRange(100, 199);
                    queue.lock(
                            new LockRequest(file, owner, range, LockMode.EXCLUSIVE),
                            LockPolicy.WAIT);
                },
                queue);
    }

    /** A permutation of 0 to 999,999, so that locks do not come in order. */
    private static long scattered(long i) {
        return i * 700_001 % HELD;
    }

    private static void print(String what, int count, LongConsumer add, LockTable table) {
        long before = used();
        for (long i = 0; i < count; i++) {
            add.accept(i);
        }
        long bytes = (used() - before) / count;
        if (table.counts(Scope.everything()).isEmpty()) {
            throw new IllegalStateException("nothing measured");
        }
        System.out.printf("%s|%d%n", what, bytes);
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
