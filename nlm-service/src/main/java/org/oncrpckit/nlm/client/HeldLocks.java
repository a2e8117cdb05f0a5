package org.oncrpckit.nlm.client;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.HeldLock;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockOutcome;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.LockPolicy;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.LockRequest;
import org.oncrpckit.lock.LockTable;
import org.oncrpckit.lock.Scope;
import org.oncrpckit.lock.SystemId;

/**
 * What this client has been granted and has not given back, range by range with its mode: what it
 * reclaims. A lock table does the arithmetic; each owner's view of a file is a file of its own
 * there, so nothing ever conflicts, in whichever order replies come. Used inside turns only.
 */
final class HeldLocks {
    private static final LockOwner US = LockOwner.of(SystemId.LOCAL, new byte[] {1}, 1);

    private final LockTable table;
    private final Map<LaneKey, FileId> files = new HashMap<>();
    private long lastFile;

    HeldLocks() {
        table = LockTable.builder().singleThreaded().heldMax(Long.MAX_VALUE).build();
    }

    /** Notes a lock that was granted; it replaces what its owner had on these bytes. */
    void add(NlmLock lock) {
        LaneKey key = LaneKey.of(lock);
        FileId file = files.computeIfAbsent(key, unused -> newFile());
        LockRequest request = new LockRequest(file, US, lock.range(), lock.mode());
        LockOutcome outcome = table.lock(request, LockPolicy.TRY).outcome();
        if (!(outcome instanceof LockOutcome.Granted)) {
            throw new IllegalStateException("nothing is in the way, but: " + outcome);
        }
    }

    /** Notes that these bytes are no longer locked. */
    void remove(LaneKey key, LockRange range) {
        FileId file = files.get(key);
        if (file != null) {
            table.unlock(US, file, range);
            forgetIfEmpty(key, file);
        }
    }

    /** Whether the owner has all of these bytes in this mode or a stronger one. */
    boolean covers(NlmLock lock) {
        long next = lock.range().first();
        for (HeldLock each : on(LaneKey.of(lock))) {
            LockRange range = each.range();
            boolean reaches =
                    Long.compareUnsigned(range.first(), next) <= 0
                            && Long.compareUnsigned(next, range.last()) <= 0;
            if (reaches && !(lock.isExclusive() && each.mode() == LockMode.SHARED)) {
                if (Long.compareUnsigned(range.last(), lock.range().last()) >= 0) {
                    return true;
                }
                next = range.last() + 1;
            }
        }
        return false;
    }

    /** Whether the owner has any of these bytes. */
    boolean hasSome(LaneKey key, LockRange range) {
        return on(key).stream().anyMatch(held -> held.range().intersects(range));
    }

    /** What one owner has on one file, in ascending order. */
    List<NlmLock> of(LaneKey key) {
        List<NlmLock> locks = new ArrayList<>();
        for (HeldLock each : on(key)) {
            locks.add(
                    new NlmLock(key.server(), key.file(), key.owner(), each.range(), each.mode()));
        }
        return locks;
    }

    /** The same, of these bytes only. */
    List<NlmLock> of(LaneKey key, LockRange range) {
        return of(key).stream()
                .filter(each -> each.range().intersects(range))
                .map(each -> each.withRange(each.range().intersection(range)))
                .toList();
    }

    /** Everybody who has something. */
    List<LaneKey> keys() {
        return List.copyOf(files.keySet());
    }

    /** Number of ranges. */
    long count() {
        return table.counts(Scope.everything()).held();
    }

    private List<HeldLock> on(LaneKey key) {
        @Nullable FileId file = files.get(key);
        return file == null ? List.of() : table.held(Scope.of(file)).toList();
    }

    private void forgetIfEmpty(LaneKey key, FileId file) {
        if (table.counts(Scope.of(file)).held() == 0) {
            files.remove(key);
        }
    }

    private FileId newFile() {
        return FileId.of(ByteBuffer.allocate(Long.BYTES).putLong(++lastFile).array());
    }
}
