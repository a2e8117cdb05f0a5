package org.oncrpckit.nlm.protocol;

import org.jspecify.annotations.Nullable;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.OpaqueMemo;

/**
 * The locks that were described lately, so that one which is given back, or asked for once more, is
 * the same object. Keeps {@link #KEPT} of them, none with a name or handle of more than {@link
 * OpaqueMemo#LENGTH_MAX} bytes; a new one takes the place of the one in its slot. Thread-safe,
 * without a lock: what it keeps is immutable, and what a race loses is made anew.
 */
final class RecentLocks {
    /** A power of two. */
    static final int KEPT = 1024;

    private static final int ODD = 0x9e37_79b1;

    private final @Nullable WireLock[] slots = new WireLock[KEPT];

    /** The lock with this description: the one that was made before, or a new one. */
    WireLock get(
            HostName callerName,
            Opaque fileHandle,
            Opaque ownerHandle,
            int svid,
            long offset,
            long length) {
        int slot = slot(ownerHandle, svid, offset);
        WireLock known = slots[slot];
        if (known != null
                && known.offset() == offset
                && known.length() == length
                && known.svid() == svid
                && known.ownerHandle().equals(ownerHandle)
                && known.fileHandle().equals(fileHandle)
                && known.callerName().equals(callerName)) {
            return known;
        }
        WireLock lock = new WireLock(callerName, fileHandle, ownerHandle, svid, offset, length);
        if (isShort(callerName.bytes()) && isShort(fileHandle) && isShort(ownerHandle)) {
            slots[slot] = lock;
        }
        return lock;
    }

    private static boolean isShort(Opaque bytes) {
        return bytes.length() <= OpaqueMemo.LENGTH_MAX;
    }

    private static int slot(Opaque ownerHandle, int svid, long offset) {
        int hash = (ownerHandle.hashCode() * 31 + svid) * 31 + Long.hashCode(offset);
        return (hash * ODD) >>> (Integer.SIZE - Integer.numberOfTrailingZeros(KEPT));
    }
}
