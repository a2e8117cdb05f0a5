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
            if (!isBelow(last, range.last())) {
                return;
            }
            rest = new LockRange(last + 1, range.last());
            held = table.held(owner, file, rest, AT_ONCE);
            held.forEach(visitor);
        }
    }

    /** A range without the bytes of others: 0 to n+1 ranges in ascending order. */
    static List<LockRange> without(LockRange range, List<LockRange> others) {
        List<LockRange> holes = others;
        if (others.size() > 1) {
            holes = new ArrayList<>(others);
            holes.sort((a, b) -> Long.compareUnsigned(a.first(), b.first()));
        }
        List<LockRange> rest = new ArrayList<>();
        long from = range.first();
        for (LockRange hole : holes) {
            if (isBelow(range.last(), hole.first())) {
                break;
            }
            if (isBelow(from, hole.first())) {
                rest.add(new LockRange(from, hole.first() - 1));
            }
            if (!isBelow(hole.last(), range.last())) {
                return rest;
            }
            if (!isBelow(hole.last(), from)) {
                from = hole.last() + 1;
            }
        }
        rest.add(new LockRange(from, range.last()));
        return rest;
    }

    private static boolean isBelow(long one, long other) {
        return Long.compareUnsigned(one, other) < 0;
    }
}
