package org.oncrpckit.lock;

import org.jspecify.annotations.Nullable;

/**
 * Changes what an owner holds on a file, keeping its ranges apart from each other and joined where
 * they touch.
 */
final class HeldRanges {
    /** Asked for once: the enum copies its array for each asker. */
    private static final LockMode[] MODES = LockMode.values();

    private HeldRanges() {}

    /** Holds [first, last] in a mode, whatever was held there; or, with a null mode, not at all. */
    static void assign(Holding h, long first, long last, @Nullable LockMode mode) {
        for (LockMode other : MODES) {
            if (other != mode && h.holdsAny(other)) {
                cut(h, other, first, last);
            }
        }
        if (mode != null && !h.holdsAny(mode)) {
            h.add(mode, first, last);
        } else if (mode != null) {
            join(h, mode, first, last);
        }
    }

    private static void cut(Holding h, LockMode mode, long first, long last) {
        Hit hit = new Hit();
        boolean more = h.find(mode, first, last, hit);
        while (more) {
            long heldFirst = hit.first;
            long heldLast = hit.last;
            switch (Overlap.of(first, last, heldFirst, heldLast)) {
                case EQUAL, CONTAINS -> h.remove(mode, heldFirst);
                case CONTAINED -> {
                    if (heldFirst == first) {
                        h.remove(mode, heldFirst);
                    } else {
                        h.setLast(mode, heldFirst, first - 1);
                    }
                    if (heldLast != last) {
                        h.add(mode, last + 1, heldLast);
                    }
                }
                case STARTS_BEFORE -> {
                    h.remove(mode, heldFirst);
                    h.add(mode, last + 1, heldLast);
                }
                case ENDS_AFTER -> h.setLast(mode, heldFirst, first - 1);
                case NONE ->
                        throw new IllegalStateException("found a range that does not intersect");
            }
            more = isBelow(heldLast, last) && h.find(mode, first, last, hit);
        }
    }

    private static void join(Holding h, LockMode mode, long first, long last) {
        // One byte more at either side finds the neighbours that touch.
        long from = first == 0 ? 0 : first - 1;
        long to = last == LockRange.END ? last : last + 1;
        long joinedFirst = first;
        long joinedLast = last;
        Hit hit = new Hit();
        boolean more = h.find(mode, from, to, hit);
        while (more) {
            Overlap overlap = Overlap.of(first, last, hit.first, hit.last);
            if (overlap == Overlap.EQUAL || overlap == Overlap.CONTAINED) {
                return;
            }
            if (isBelow(hit.first, joinedFirst)) {
                joinedFirst = hit.first;
            }
            if (isBelow(joinedLast, hit.last)) {
                joinedLast = hit.last;
            }
            h.remove(mode, hit.first);
            more = isBelow(hit.last, to) && h.find(mode, from, to, hit);
        }
        h.add(mode, joinedFirst, joinedLast);
    }

    private static boolean isBelow(long one, long other) {
        return Long.compareUnsigned(one, other) < 0;
    }
}
