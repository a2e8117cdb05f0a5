package org.oncrpckit.lock;

import org.jspecify.annotations.Nullable;

/** A held lock that a search has found. */
final class Hit extends RangeTree.Entry<Holding> {
    LockMode mode = LockMode.SHARED;

    Holding holding() {
        Holding h = value;
        if (h == null) {
            throw new IllegalStateException("nothing found");
        }
        return h;
    }

    void set(long newFirst, long newLast, @Nullable Holding holding, LockMode newMode) {
        first = newFirst;
        last = newLast;
        value = holding;
        mode = newMode;
    }

    void copy(Hit other) {
        set(other.first, other.last, other.value, other.mode);
    }

    /** Whether it comes before another one: by first byte, then owner. */
    boolean isBefore(Hit other) {
        int order = Long.compareUnsigned(first, other.first);
        return order != 0 ? order < 0 : holding().compareTo(other.holding()) < 0;
    }

    HeldLock toHeldLock() {
        Holding h = holding();
        return new HeldLock(h.file.id, h.owner.owner, new LockRange(first, last), mode);
    }
}
