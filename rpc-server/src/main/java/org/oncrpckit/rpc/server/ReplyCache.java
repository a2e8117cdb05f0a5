package org.oncrpckit.rpc.server;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Remembers calls that must not be executed twice, in progress or ended, so that a duplicate is
 * dropped or answered from memory. Bounded in entries, bytes and time. Calls in progress are never
 * forgotten: what bounds them are the limits of calls in progress, and every call ends.
 *
 * <p>Entries belong to addresses, not to connections: a client that reconnects from the same port,
 * as kernels do for this very purpose, finds its replies; one that comes from another port is
 * another caller.
 *
 * <p>Thread-safe. One lock, held for a few look-ups, never while anything else is called.
 */
final class ReplyCache {
    /**
     * What the cache holds.
     *
     * @param entries calls in progress and ended
     * @param bytes memory of the ended ones, with all that is there to find them
     * @param evictions calls forgotten before their time was over
     */
    record Usage(int entries, long bytes, long evictions) {}

    /** A call that is known already. */
    sealed interface Known {
        /** Somebody executes it. */
        record InProgress(ServedCall<?> execution) implements Known {}

        /**
         * It has ended.
         *
         * @param reply what it was answered, empty if nothing
         * @param repeated what a duplicate causes besides, or null
         */
        record Ended(ByteBuffer reply, @Nullable Runnable repeated) implements Known {}
    }

    /** In place of the reply of a one-way call. */
    static final ByteBuffer NO_REPLY = ByteBuffer.allocate(0);

    /** How many overdue entries one new call clears away: two, so that they never pile up. */
    private static final int EXPIRED_PER_CALL = 2;

    /** Local addresses that are kept once for all calls; a host has no more. */
    private static final int LOCALS_MAX = 256;

    private final int entriesMax;
    private final long bytesMax;
    private final long keepNanos;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final CallTable inProgress = new CallTable();

    @GuardedBy("lock")
    private final ReplySlots slots = new ReplySlots();

    @GuardedBy("lock")
    private final ReplyShares ended = new ReplyShares(slots);

    /** Each connection has an object of its own for an address that all of them share. */
    @GuardedBy("lock")
    private final Map<SocketAddress, SocketAddress> locals = new HashMap<>();

    @GuardedBy("lock")
    private long evictions;

    ReplyCache(ServerLimits limits) {
        entriesMax = limits.replyCache().entriesMax();
        bytesMax = limits.replyCache().bytesMax();
        keepNanos = limits.replyCache().time().toNanos();
    }

    /**
     * Remembers a call that begins, unless it is a duplicate.
     *
     * @return what is known of it, or null
     */
    @Nullable Known admit(CallKey key, long nowNanos) {
        lock.lock();
        try {
            for (int i = 0; i < EXPIRED_PER_CALL; i++) {
                int first = ended.first();
                if (first == ReplySlots.NONE || !expired(first, nowNanos)) {
                    break;
                }
                ended.remove(first);
            }
            Known known = endedCall(key, nowNanos);
            if (known != null) {
                return known;
            }
            CallKey execution = inProgress.find(key);
            if (execution != null) {
                return new Known.InProgress(execution.call);
            }
            inProgress.add(key);
            if (inProgress.size() + ended.count() > entriesMax) {
                evict();
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** What is known of a call, or null. */
    @Nullable Known find(CallKey key, long nowNanos) {
        lock.lock();
        try {
            CallKey execution = inProgress.find(key);
            return execution == null
                    ? endedCall(key, nowNanos)
                    : new Known.InProgress(execution.call);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The call has ended; duplicates get this reply from now on, if there is room for it. It is
     * copied from position to limit.
     */
    void end(CallKey key, ByteBuffer reply, long nowNanos) {
        lock.lock();
        try {
            inProgress.remove(key);
            if (makeRoom(key, ReplySlots.replyBytes(reply.remaining()))) {
                ended.add(key, shared(key.local()), reply, nowNanos);
            } else {
                evictions++;
            }
        } finally {
            lock.unlock();
        }
    }

    /** What a duplicate causes besides the reply, once the call has ended. */
    void whenRepeated(CallKey key, Runnable action) {
        lock.lock();
        try {
            key.repeated = action;
            HostShare share = ended.of(key.host());
            int slot = share == null ? ReplySlots.NONE : slots.find(key, share);
            if (slot != ReplySlots.NONE) {
                slots.whenRepeated(slot, action);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The call ended without being executed: a duplicate is as good as the first. */
    void forget(CallKey key) {
        lock.lock();
        try {
            inProgress.remove(key);
        } finally {
            lock.unlock();
        }
    }

    Usage usage() {
        lock.lock();
        try {
            return new Usage(inProgress.size() + ended.count(), bytes(), evictions);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private @Nullable Known endedCall(CallKey key, long nowNanos) {
        HostShare share = ended.of(key.host());
        int slot = share == null ? ReplySlots.NONE : slots.find(key, share);
        if (slot == ReplySlots.NONE) {
            return null;
        }
        if (expired(slot, nowNanos)) {
            ended.remove(slot);
            return null;
        }
        return new Known.Ended(ByteBuffer.wrap(slots.reply(slot)), slots.repeated(slot));
    }

    /** Forgets calls until one more has its place; false when it has none in an empty cache. */
    @GuardedBy("lock")
    private boolean makeRoom(CallKey key, long replyBytes) {
        while (true) {
            boolean known = ended.of(key.host()) != null;
            long left = bytesMax - bytes() - replyBytes - (known ? 0 : HostShare.BYTES);
            if (left >= 0 && inProgress.size() + ended.count() < entriesMax) {
                if (slots.hasFree()) {
                    return true;
                }
                if (left >= slots.growthBytes()) {
                    slots.grow();
                    return true;
                }
            }
            if (!evict()) {
                return false;
            }
        }
    }

    /** Forgets a call of a host that has much; false when none has ended. */
    @GuardedBy("lock")
    @CanIgnoreReturnValue
    private boolean evict() {
        int victim = ended.victim();
        if (victim == ReplySlots.NONE) {
            return false;
        }
        ended.remove(victim);
        evictions++;
        return true;
    }

    @GuardedBy("lock")
    private long bytes() {
        return slots.bytes() + ended.bytes();
    }

    @GuardedBy("lock")
    private boolean expired(int slot, long nowNanos) {
        return nowNanos - slots.endedNanos(slot) >= keepNanos;
    }

    @GuardedBy("lock")
    private SocketAddress shared(SocketAddress local) {
        SocketAddress known = locals.get(local);
        if (known != null) {
            return known;
        }
        if (locals.size() == LOCALS_MAX) {
            locals.clear();
        }
        locals.put(local, local);
        return local;
    }
}
