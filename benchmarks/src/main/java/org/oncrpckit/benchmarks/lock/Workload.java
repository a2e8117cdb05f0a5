package org.oncrpckit.benchmarks.lock;

import java.nio.ByteBuffer;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.LockPolicy;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.LockRequest;
import org.oncrpckit.lock.LockTable;
import org.oncrpckit.lock.SystemId;

/** The files, owners and places that all measurements share. */
final class Workload {
    /**
     * Held locks are two bytes at the start of a slot; measured ones two bytes in its middle.
     * Nothing touches.
     */
    static final long SLOT = 8;

    private static final long MIDDLE = 4;

    private Workload() {}

    static FileId file(long number) {
        return FileId.of(ByteBuffer.allocate(16).putLong(0x6f6e6372L).putLong(number).array());
    }

    static LockOwner owner(SystemId system, long number) {
        return LockOwner.of(system, ByteBuffer.allocate(8).putLong(number).array(), number);
    }

    static LockRange held(long slot) {
        return new LockRange(slot * SLOT, slot * SLOT + 1);
    }

    static LockRange measured(long slot) {
        return new LockRange(slot * SLOT + MIDDLE, slot * SLOT + MIDDLE + 1);
    }

    static LockTable.Builder roomyTable() {
        LockTable.Builder builder = LockTable.builder();
        builder.heldMax(10_000_000).waitingMax(1_000_000);
        return builder;
    }

    static void hold(LockTable table, FileId file, LockOwner owner, LockRange range) {
        table.lock(new LockRequest(file, owner, range, LockMode.EXCLUSIVE), LockPolicy.TRY);
    }
}
