package org.oncrpckit.lock;

import org.jspecify.annotations.Nullable;

/** A held lock that a search has found. */
final class Hit {
    final RangeTree.Entry<Holding> entry = new RangeTree.Entry<>();
    LockMode mode = LockMode.SHARED;

    long first() {
        return entry.first;
    }

    long last() {
        return entry.last;
    }

    Holding holding() {
        Holding h = entry.value;
        if (h == null) {
            throw new IllegalStateException("nothing found");
        }
        return h;
    }

    void set(long first, long last, @Nullable Holding holding, LockMode found) {
        entry.first = first;
        entry.last = last;
        entry.value = holding;
        mode = found;
    }

    void copy(Hit other) {
        set(other.entry.first, other.entry.last, other.entry.value, other.mode);
    }

    /** Whether it comes before another one: by first byte, then owner. */
    boolean isBefore(Hit other) {
        int order = Long.compareUnsigned(entry.first, other.entry.first);
        return order != 0 ? order < 0 : holding().compareTo(other.holding()) < 0;
    }

    HeldLock toHeldLock() {
        Holding h = holding();
        return new HeldLock(h.file.id, h.owner.owner, new LockRange(entry.first, entry.last), mode);
    }
}
