package org.oncrpckit.rpc.server;

import org.jspecify.annotations.Nullable;

/** What one host takes of the reply cache. Guarded by the lock of the {@link ReplyCache}. */
final class HostShare {
    final Object host;

    /** Memory of its ended calls. */
    long bytes;

    @Nullable CachedCall oldest;
    @Nullable CachedCall newest;

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

    void add(CachedCall call) {
        call.share = this;
        call.older = newest;
        if (newest == null) {
            oldest = call;
        } else {
            newest.newer = call;
        }
        newest = call;
        bytes += call.chargeBytes();
    }

    void remove(CachedCall call) {
        if (call.older == null) {
            oldest = call.newer;
        } else {
            call.older.newer = call.newer;
        }
        if (call.newer == null) {
            newest = call.older;
        } else {
            call.newer.older = call.older;
        }
        call.older = null;
        call.newer = null;
        call.share = null;
        bytes -= call.chargeBytes();
    }
}
