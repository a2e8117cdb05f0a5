package org.oncrpckit.examples;

import java.nio.charset.StandardCharsets;
import org.oncrpckit.lock.Effect;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.LockPolicy;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.LockRequest;
import org.oncrpckit.lock.LockTable;
import org.oncrpckit.lock.SystemId;

/** The lock table on its own: no RPC, no threads; what happens comes back as values. */
public final class EmbeddedLocks {
    private EmbeddedLocks() {}

    private static LockOwner owner(String name) {
        return LockOwner.of(SystemId.LOCAL, name.getBytes(StandardCharsets.UTF_8), 0);
    }

    /** Alice locks, Bob waits, Alice unlocks: the lock is Bob's in that very moment. */
    public static void main(String[] arguments) {
        // [locks]
        LockTable table = LockTable.builder().build();
        FileId file = FileId.of("report".getBytes(StandardCharsets.UTF_8));
        LockRange range = new LockRange(0, 99);

        System.out.println(
                table.lock(
                                new LockRequest(file, owner("alice"), range, LockMode.EXCLUSIVE),
                                LockPolicy.TRY)
                        .outcome()
                        .status());
        System.out.println(
                table.lock(
                                new LockRequest(file, owner("bob"), range, LockMode.SHARED),
                                LockPolicy.WAIT)
                        .outcome()
                        .status());
        for (Effect effect : table.unlock(owner("alice"), file, range)) {
            System.out.println(effect);
        }
        // [end]
    }
}
