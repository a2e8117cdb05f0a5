package org.oncrpckit.rpc.server;

import com.google.errorprone.annotations.concurrent.GuardedBy;
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
 * <p>Thread-safe. One lock, held for a few map operations, never while anything else is called.
 */
final class ReplyCache {
    /**
     * What the cache holds.
     *
     * @param entries calls in progress and ended
     * @param bytes memory of the ended ones
     * @param evictions calls forgotten before their time was over
     */
    record Usage(int entries, long bytes, long evictions) {}

    /** How many overdue entries one new call clears away: two, so that they never pile up. */
    private static final int EXPIRED_PER_CALL = 2;

    private final int entriesMax;
    private final long bytesMax;
    private final long keepNanos;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<CachedCall, CachedCall> calls = new HashMap<>();

    @GuardedBy("lock")
    private final ReplyShares ended = new ReplyShares();

    @GuardedBy("lock")
    private long evictions;

    ReplyCache(ServerLimits limits) {
        entriesMax = limits.replyCacheEntriesMax();
        bytesMax = limits.replyCacheBytesMax();
        keepNanos = limits.replyCacheTime().toNanos();
    }

    /**
     * Remembers a call that begins, unless it is a duplicate.
     *
     * @return the call that it is a duplicate of, or null
     */
    @Nullable CachedCall admit(CachedCall call, long nowNanos) {
        lock.lock();
        try {
            for (int i = 0; i < EXPIRED_PER_CALL; i++) {
                expireFirst(nowNanos);
            }
            CachedCall known = calls.putIfAbsent(call, call);
            if (known == null) {
                return null;
            }
            if (!expired(known, nowNanos)) {
                return known;
            }
            forgetEnded(known);
            calls.put(call, call);
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** The call has ended; duplicates get this reply from now on. */
    void end(CachedCall call, byte[] reply, long nowNanos) {
        lock.lock();
        try {
            call.end(reply);
            call.endedNanos = nowNanos;
            ended.add(call);
            while (calls.size() > entriesMax || ended.bytes() > bytesMax) {
                CachedCall victim = ended.victim();
                if (victim == null) {
                    return;
                }
                forgetEnded(victim);
                evictions++;
            }
        } finally {
            lock.unlock();
        }
    }

    /** The call ended without being executed: a duplicate is as good as the first. */
    void forget(CachedCall call) {
        lock.lock();
        try {
            calls.remove(call);
        } finally {
            lock.unlock();
        }
    }

    Usage usage() {
        lock.lock();
        try {
            return new Usage(calls.size(), ended.bytes(), evictions);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void expireFirst(long nowNanos) {
        CachedCall first = ended.first();
        if (first != null && expired(first, nowNanos)) {
            forgetEnded(first);
        }
    }

    private boolean expired(CachedCall call, long nowNanos) {
        return call.reply() != null && nowNanos - call.endedNanos >= keepNanos;
    }

    @GuardedBy("lock")
    private void forgetEnded(CachedCall call) {
        calls.remove(call);
        ended.remove(call);
    }
}
