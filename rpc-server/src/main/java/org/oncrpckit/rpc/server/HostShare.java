package org.oncrpckit.rpc.server;

import org.jspecify.annotations.Nullable;

/** What one host takes of the reply cache. Guarded by the lock of the {@link ReplyCache}. */
final class HostShare {
    /** Memory of a host itself: this object, its address, its place in a map. */
    static final int BYTES = 256;

    final Object host;

    /** Memory of its ended calls, replies and slots. */
    long bytes;

    /** Its slots by age. */
    int oldest = ReplySlots.NONE;

    int newest = ReplySlots.NONE;

    /** Neighbours in the same size class. */
    @Nullable HostShare previous;

    @Nullable HostShare next;

    HostShare(Object host) {
        this.host = host;
    }

    /** Shares of one class differ by less than a factor of two. */
    int sizeClass() {
        return Long.SIZE - Long.numberOfLeadingZeros(bytes);
    }
}
