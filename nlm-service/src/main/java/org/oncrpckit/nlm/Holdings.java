package org.oncrpckit.nlm;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.HeldLock;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.LockTable;

/** What one owner holds of a file, and the arithmetic of leaving bytes out. */
final class Holdings {
    private static final int AT_ONCE = 256;

    private Holdings() {}

    /**
     * Visits the owner's locks that have some of these bytes, in their order, looking at so many at
     * a time.
     */
    static void forEach(
            LockTable table,
            LockOwner owner,
            FileId file,
            LockRange range,
            Consumer<HeldLock> visitor) {
        LockRange rest = range;
        List<HeldLock> held = table.held(owner, file, rest, AT_ONCE);
        held.forEach(visitor);
        while (held.size() == AT_ONCE) {
            long last = held.get(AT_ONCE - 1).range().last();
            if (Long.compareUnsigned(last, range.last()) >= 0) {
                return;
            }
            rest = new LockRange(last + 1, range.last());
            held = table.held(owner, file, rest, AT_ONCE);
            held.forEach(visitor);
        }
    }

    /** A range without the bytes of others: 0 to n+1 ranges in ascending order. */
    static List<LockRange> without(LockRange range, List<LockRange> others) {
        List<LockRange> rest = List.of(range);
        for (LockRange each : others) {
            List<LockRange> next = new ArrayList<>();
            for (LockRange piece : rest) {
                subtract(piece, each, next);
            }
            rest = next;
        }
        return rest;
    }

    private static void subtract(LockRange from, LockRange hole, List<LockRange> rest) {
        if (!from.intersects(hole)) {
            rest.add(from);
            return;
        }
        if (Long.compareUnsigned(from.first(), hole.first()) < 0) {
            rest.add(new LockRange(from.first(), hole.first() - 1));
        }
        if (Long.compareUnsigned(hole.last(), from.last()) < 0) {
            rest.add(new LockRange(hole.last() + 1, from.last()));
        }
    }
}
