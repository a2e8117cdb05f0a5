package org.oncrpckit.lock;

import org.jspecify.annotations.Nullable;

/** An owner that has something on a file of one {@link Shard}. Guarded by the shard. */
final class OwnerEntry extends EntryTable.Entry {
    final LockOwner owner;
    final SystemEntry system;

    /** Tells owners of a shard apart in hashes, and is nobody's choice. */
    final int serial;

    /**
     * The first of what it has, linked by {@link Holding#nextOfOwner}; null only while it comes or
     * goes.
     */
    @Nullable Holding holdings;

    int holdingCount;

    /**
     * Whether its holdings are in the shard's table. They are once there are two, until none is
     * left; a single one needs no table to be found.
     */
    boolean inTable;

    /** Neighbours among the owners of one system. */
    @Nullable OwnerEntry previousOfSystem;

    @Nullable OwnerEntry nextOfSystem;

    OwnerEntry(LockOwner owner, SystemEntry system, int serial) {
        super(owner.hashCode());
        this.owner = owner;
        this.system = system;
        this.serial = serial;
    }

    void link(Holding h) {
        h.nextOfOwner = holdings;
        if (holdings != null) {
            holdings.previousOfOwner = h;
        }
        holdings = h;
        holdingCount++;
    }

    void unlink(Holding h) {
        Holding before = h.previousOfOwner;
        Holding next = h.nextOfOwner;
        if (before == null) {
            holdings = next;
        } else {
            before.nextOfOwner = next;
        }
        if (next != null) {
            next.previousOfOwner = before;
        }
        holdingCount--;
    }
}
