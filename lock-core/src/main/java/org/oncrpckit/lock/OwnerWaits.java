package org.oncrpckit.lock;

import org.jspecify.annotations.Nullable;

/**
 * The waiting requests of one owner, on all files, in queue order. Guarded by the slow-path lock.
 */
final class OwnerWaits {
    final LockOwner owner;

    /** The last search of the {@link WaitGraph} that has come to this owner. */
    long reachedBy;

    private @Nullable Waiter head;
    private @Nullable Waiter tail;

    /** Neighbours among the waiting owners of one system. */
    @Nullable OwnerWaits previousOfSystem;

    @Nullable OwnerWaits nextOfSystem;

    OwnerWaits(LockOwner owner) {
        this.owner = owner;
    }

    @Nullable Waiter first() {
        return head;
    }

    boolean isEmpty() {
        return head == null;
    }

    /** Adds a request that stands ahead of all others, or behind them. */
    void add(Waiter w, boolean ahead) {
        Waiter first = head;
        Waiter last = tail;
        if (first == null || last == null) {
            head = w;
            tail = w;
        } else if (ahead) {
            w.nextOfOwner = first;
            first.previousOfOwner = w;
            head = w;
        } else {
            w.previousOfOwner = last;
            last.nextOfOwner = w;
            tail = w;
        }
    }

    void remove(Waiter w) {
        Waiter before = w.previousOfOwner;
        Waiter next = w.nextOfOwner;
        if (before == null) {
            head = next;
        } else {
            before.nextOfOwner = next;
        }
        if (next == null) {
            tail = before;
        } else {
            next.previousOfOwner = before;
        }
        w.previousOfOwner = null;
        w.nextOfOwner = null;
    }
}
