package org.oncrpckit.nlm;

import org.jspecify.annotations.Nullable;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.SystemId;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.OpaqueMemo;

/**
 * The owners that called lately, as the lock table knows them, so that an owner that locks and
 * unlocks is not written out for each call. Keeps {@link #KEPT} of them, none with a handle of more
 * than {@link OpaqueMemo#LENGTH_MAX} bytes; a new one takes the place of the one in its slot.
 * Thread-safe, without a lock: what it keeps is immutable, and what a race loses is made anew.
 */
final class RemoteOwners {
    /** Owners that are at work at one time, about; a power of two. */
    static final int KEPT = 1024;

    private record Entry(RemoteOwner remote, LockOwner owner) {
        boolean is(Route route, int svid, Opaque ownerHandle, SystemId system) {
            return remote.svid() == svid
                    && owner.system().equals(system)
                    && remote.ownerHandle().equals(ownerHandle)
                    && remote.route().equals(route);
        }
    }

    private final @Nullable Entry[] slots = new Entry[KEPT];

    /** The owner that a client host names so, in this life of the host. */
    LockOwner get(Route route, int svid, Opaque ownerHandle, SystemId system) {
        int slot = slot(svid, ownerHandle, system);
        Entry known = slots[slot];
        if (known != null && known.is(route, svid, ownerHandle, system)) {
            return known.owner;
        }
        RemoteOwner remote = new RemoteOwner(route, svid, ownerHandle);
        LockOwner owner = remote.in(system);
        if (ownerHandle.length() <= OpaqueMemo.LENGTH_MAX) {
            slots[slot] = new Entry(remote, owner);
        }
        return owner;
    }

    private static int slot(int svid, Opaque ownerHandle, SystemId system) {
        int hash = (ownerHandle.hashCode() * 31 + svid) * 31 + system.hashCode();
        hash ^= hash >>> 20;
        return (hash ^ (hash >>> 10)) & (KEPT - 1);
    }
}
