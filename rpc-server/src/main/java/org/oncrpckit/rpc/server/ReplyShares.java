package org.oncrpckit.rpc.server;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
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
    /** What a call without its reply counts for, when shares are compared. */
    private static final int SLOT_BYTES = 160;

    private final Map<Object, HostShare> shares = new HashMap<>();
    private final @Nullable HostShare[] classes = new HostShare[Long.SIZE];

    /** Bit n is set while class n has a host. */
    private long occupied;

    private final ReplySlots slots;
    private int first = ReplySlots.NONE;
    private int last = ReplySlots.NONE;
    private int count;
    private long replyBytes;

    ReplyShares(ReplySlots slots) {
        this.slots = slots;
    }

    int count() {
        return count;
    }

    /** Memory of replies and hosts. */
    long bytes() {
        return replyBytes + (long) shares.size() * HostShare.BYTES;
    }

    /** The slot of the call that ended first, or none. */
    int first() {
        return first;
    }

    /** What a host has, or null when it has nothing. */
    @Nullable HostShare of(Object host) {
        return shares.get(host);
    }

    /** Fills a free slot. */
    void add(CallKey call, SocketAddress local, ByteBuffer reply, long nowNanos) {
        HostShare share = shares.computeIfAbsent(call.host(), HostShare::new);
        int slot = slots.add(call, share, local, reply, nowNanos);
        slots.set(slot, ReplySlots.OLDER, last);
        slots.set(slot, ReplySlots.NEWER, ReplySlots.NONE);
        if (last == ReplySlots.NONE) {
            first = slot;
        } else {
            slots.set(last, ReplySlots.NEWER, slot);
        }
        last = slot;
        slots.set(slot, ReplySlots.OLDER_OF_HOST, share.newest);
        slots.set(slot, ReplySlots.NEWER_OF_HOST, ReplySlots.NONE);
        if (share.newest == ReplySlots.NONE) {
            share.oldest = slot;
        } else {
            slots.set(share.newest, ReplySlots.NEWER_OF_HOST, slot);
        }
        share.newest = slot;
        count++;
        charge(share, ReplySlots.replyBytes(reply.remaining()), 1);
    }

    /** Empties a slot. */
    void remove(int slot) {
        HostShare share = slots.share(slot);
        if (share == null) {
            throw new AssertionError("slot " + slot + " is empty");
        }
        int older = slots.get(slot, ReplySlots.OLDER);
        int newer = slots.get(slot, ReplySlots.NEWER);
        if (older == ReplySlots.NONE) {
            first = newer;
        } else {
            slots.set(older, ReplySlots.NEWER, newer);
        }
        if (newer == ReplySlots.NONE) {
            last = older;
        } else {
            slots.set(newer, ReplySlots.OLDER, older);
        }
        int olderOfHost = slots.get(slot, ReplySlots.OLDER_OF_HOST);
        int newerOfHost = slots.get(slot, ReplySlots.NEWER_OF_HOST);
        if (olderOfHost == ReplySlots.NONE) {
            share.oldest = newerOfHost;
        } else {
            slots.set(olderOfHost, ReplySlots.NEWER_OF_HOST, newerOfHost);
        }
        if (newerOfHost == ReplySlots.NONE) {
            share.newest = olderOfHost;
        } else {
            slots.set(newerOfHost, ReplySlots.OLDER_OF_HOST, olderOfHost);
        }
        count--;
        charge(share, ReplySlots.replyBytes(slots.replyLength(slot)), -1);
        if (share.bytes == 0) {
            shares.remove(share.host);
        }
        slots.remove(slot);
    }

    /** The oldest slot of a host with one of the largest shares; none when no call has ended. */
    int victim() {
        if (occupied == 0) {
            return ReplySlots.NONE;
        }
        HostShare largest = classes[Long.SIZE - 1 - Long.numberOfLeadingZeros(occupied)];
        return largest == null ? ReplySlots.NONE : largest.oldest;
    }

    private void charge(HostShare share, long bytes, int sign) {
        int before = share.sizeClass();
        replyBytes += sign * bytes;
        share.bytes += sign * (bytes + SLOT_BYTES);
        reclassify(share, before);
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
