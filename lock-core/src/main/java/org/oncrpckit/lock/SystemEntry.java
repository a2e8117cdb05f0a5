package org.oncrpckit.lock;

import org.jspecify.annotations.Nullable;

/** A system with owners in one {@link Shard}. Guarded by the shard. */
final class SystemEntry extends EntryTable.Entry {
    final SystemId id;

    /**
     * The first of its owners, linked by {@link OwnerEntry#nextOfSystem}; null only while it comes
     * or goes.
     */
    @Nullable OwnerEntry owners;

    SystemEntry(SystemId id) {
        super(id.hashCode());
        this.id = id;
    }

    void link(OwnerEntry o) {
        o.nextOfSystem = owners;
        if (owners != null) {
            owners.previousOfSystem = o;
        }
        owners = o;
    }

    void unlink(OwnerEntry o) {
        OwnerEntry before = o.previousOfSystem;
        OwnerEntry next = o.nextOfSystem;
        if (before == null) {
            owners = next;
        } else {
            before.nextOfSystem = next;
        }
        if (next != null) {
            next.previousOfSystem = before;
        }
    }
}
