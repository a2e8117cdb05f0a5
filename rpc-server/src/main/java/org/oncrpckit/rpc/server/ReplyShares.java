package org.oncrpckit.rpc.server;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The calls that have ended, by age and by host, and who has to give when there are too many: a
 * host with one of the largest shares. Hosts are kept in classes by the power of two that their
 * share lies below, so that finding one takes the same time for ten and for ten thousand hosts. So
 * a host whose share is less than half of the largest never loses a reply to another host; a host
 * alone may fill the cache, and yields when others come.
 *
 * <p>Not thread-safe: guarded by the lock of the {@link ReplyCache}.
 */
final class ReplyShares {
    private final Map<Object, HostShare> shares = new HashMap<>();
    private final @Nullable HostShare[] classes = new HostShare[Long.SIZE];

    /** Bit n is set while class n has a host. */
    private long occupied;

    private @Nullable CachedCall first;
    private @Nullable CachedCall last;
    private long bytes;

    /** Memory of all ended calls. */
    long bytes() {
        return bytes;
    }

    /** The call that ended first, or null. */
    @Nullable CachedCall first() {
        return first;
    }

    void add(CachedCall call) {
        call.endedBefore = last;
        if (last == null) {
            first = call;
        } else {
            last.endedAfter = call;
        }
        last = call;
        bytes += call.chargeBytes();

        HostShare share = shares.computeIfAbsent(call.host, HostShare::new);
        int before = share.sizeClass();
        share.add(call);
        reclassify(share, before);
    }

    void remove(CachedCall call) {
        HostShare share = call.share;
        if (share == null) {
            return;
        }
        if (call.endedBefore == null) {
            first = call.endedAfter;
        } else {
            call.endedBefore.endedAfter = call.endedAfter;
        }
        if (call.endedAfter == null) {
            last = call.endedBefore;
        } else {
            call.endedAfter.endedBefore = call.endedBefore;
        }
        call.endedBefore = null;
        call.endedAfter = null;
        bytes -= call.chargeBytes();

        int before = share.sizeClass();
        share.remove(call);
        reclassify(share, before);
        if (share.bytes == 0) {
            shares.remove(share.host);
        }
    }

    /** The oldest call of a host with one of the largest shares; null when no call has ended. */
    @Nullable CachedCall victim() {
        if (occupied == 0) {
            return null;
        }
        HostShare largest = classes[Long.SIZE - 1 - Long.numberOfLeadingZeros(occupied)];
        return largest == null ? null : largest.oldest;
    }

    private void reclassify(HostShare share, int before) {
        int now = share.sizeClass();
        if (now == before) {
            return;
        }
        if (before != 0) {
            unlink(share, before);
        }
        if (now != 0) {
            link(share, now);
        }
    }

    private void link(HostShare share, int sizeClass) {
        HostShare head = classes[sizeClass];
        share.previous = null;
        share.next = head;
        if (head != null) {
            head.previous = share;
        }
        classes[sizeClass] = share;
        occupied |= 1L << sizeClass;
    }

    private void unlink(HostShare share, int sizeClass) {
        if (share.previous == null) {
            classes[sizeClass] = share.next;
            if (share.next == null) {
                occupied &= ~(1L << sizeClass);
            }
        } else {
            share.previous.next = share.next;
        }
        if (share.next != null) {
            share.next.previous = share.previous;
        }
        share.previous = null;
        share.next = null;
    }
}
