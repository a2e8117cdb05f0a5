package org.oncrpckit.lock;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The operations of a {@link LockTable}: which locks they take, and the short way for requests that
 * concern nobody but their owner.
 *
 * <p>Fast path: a file that has no queue needs only its shard. Anything else leaves the shard,
 * enters the {@link SlowPath}, then the shards it needs in ascending order, and starts again from
 * nothing.
 */
final class LockEngine {
    private static final LockResult GRANTED = new LockResult(new LockOutcome.Granted(), List.of());

    final List<Shard> shards;
    final SlowPath slow;
    private final AtomicLong heldTotal = new AtomicLong();
    private final long heldMax;

    LockEngine(LockTable.Builder settings) {
        boolean concurrent = !settings.isSingleThreaded();
        List<Shard> all = new ArrayList<>();
        for (int i = 0; i < (concurrent ? settings.shards() : 1); i++) {
            all.add(new Shard(i, heldTotal, concurrent));
        }
        this.shards = List.copyOf(all);
        this.heldMax = settings.heldMax();
        this.slow =
                new SlowPath(this, settings.overtakingsMax(), settings.waitingMax(), concurrent);
    }

    Shard shard(FileId file) {
        // By the upper bits; a shard's own tables go by the lower ones.
        long hash = Integer.toUnsignedLong(file.hashCode());
        return shards.get((int) ((hash * shards.size()) >>> Integer.SIZE));
    }

    /** Whether another lock or reservation may be asked for. */
    boolean hasRoom() {
        return heldTotal.get() < heldMax;
    }

    LockOutcome.LimitReached full() {
        return new LockOutcome.LimitReached(Limit.HELD, heldMax);
    }

    LockResult lock(LockRequest r, LockPolicy policy) {
        Shard shard = shard(r.file());
        shard.enter();
        try {
            LockResult done = tryFast(shard, r, policy);
            if (done != null) {
                return done;
            }
        } finally {
            shard.exit();
        }
        return slow.lock(shard, r, policy);
    }

    /**
     * Decides a request on a file without a queue, unless it has to wait; null if there is more to
     * it.
     */
    private @Nullable LockResult tryFast(Shard shard, LockRequest r, LockPolicy policy) {
        FileEntry file = shard.file(r.file());
        if (file != null) {
            if (file.queue != null) {
                return null;
            }
            Hit hit = new Hit();
            long first = r.range().first();
            long last = r.range().last();
            if (file.findConflict(r.mode(), first, last, shard.holding(file, r.owner()), hit)) {
                return policy == LockPolicy.WAIT
                        ? null
                        : only(new LockOutcome.Denied(hit.toHeldLock()));
            }
        }
        if (!hasRoom()) {
            return only(full());
        }
        FileEntry target = file == null ? shard.fileFor(r.file()) : file;
        Holding h = shard.holdingFor(target, r.owner());
        HeldRanges.assign(h, r.range().first(), r.range().last(), r.mode());
        return GRANTED;
    }

    static LockResult only(LockOutcome outcome) {
        return new LockResult(outcome, List.of());
    }

    static LockResult granted(List<Effect> effects) {
        return effects.isEmpty() ? GRANTED : new LockResult(GRANTED.outcome(), effects);
    }

    Optional<HeldLock> test(LockRequest r) {
        Shard shard = shard(r.file());
        shard.enter();
        try {
            FileEntry file = shard.file(r.file());
            Hit hit = new Hit();
            if (file == null
                    || !file.findConflict(
                            r.mode(),
                            r.range().first(),
                            r.range().last(),
                            shard.holding(file, r.owner()),
                            hit)) {
                return Optional.empty();
            }
            return Optional.of(hit.toHeldLock());
        } finally {
            shard.exit();
        }
    }

    List<Effect> unlock(LockOwner owner, FileId id, LockRange range) {
        Shard shard = shard(id);
        shard.enter();
        try {
            FileEntry file = shard.file(id);
            Holding h = shard.holding(file, owner);
            if (file == null || h == null) {
                return List.of();
            }
            if (file.queue == null) {
                HeldRanges.assign(h, range.first(), range.last(), null);
                shard.dropIfEmpty(h);
                shard.dropIfEmpty(file);
                return List.of();
            }
        } finally {
            shard.exit();
        }
        return slow.unlock(shard, owner, id, range);
    }

    boolean holdsAny(LockOwner owner, FileId id) {
        Shard shard = shard(id);
        shard.enter();
        try {
            Holding h = shard.holding(shard.file(id), owner);
            return h != null && !h.isEmpty();
        } finally {
            shard.exit();
        }
    }

    boolean holds(LockRequest r) {
        Shard shard = shard(r.file());
        shard.enter();
        try {
            Holding h = shard.holding(shard.file(r.file()), r.owner());
            return h != null && h.holds(r.mode(), r.range().first(), r.range().last());
        } finally {
            shard.exit();
        }
    }

    ShareOutcome share(LockOwner owner, FileId id, ShareMode mode) {
        Shard shard = shard(id);
        shard.enter();
        try {
            FileEntry file = shard.file(id);
            FileShares shares = file == null ? null : file.shares;
            long count = 0;
            if (shares != null) {
                Optional<HeldShare> conflict = shares.conflict(id, owner, mode);
                if (conflict.isPresent()) {
                    return new ShareOutcome.Denied(conflict.get());
                }
                count = shares.count(owner, mode);
            }
            if (count == 0 && !hasRoom()) {
                return new ShareOutcome.LimitReached(heldMax);
            }
            setShare(shard.fileFor(id), owner, mode, count + 1);
            return new ShareOutcome.Granted();
        } finally {
            shard.exit();
        }
    }

    /** Sets how often an owner has a mode, at least once. */
    void setShare(FileEntry file, LockOwner owner, ShareMode mode, long count) {
        FileShares shares = file.shares;
        if (shares == null) {
            shares = new FileShares();
            file.shares = shares;
        }
        Holding h = file.shard.holdingFor(file, owner);
        if ((h.shareModes & FileShares.bit(mode)) == 0) {
            h.shareModes |= FileShares.bit(mode);
            heldTotal.incrementAndGet();
        }
        file.shard.sharesTaken += count - shares.count(owner, mode);
        shares.set(owner, mode, count);
    }

    boolean unshare(LockOwner owner, FileId id, ShareMode mode) {
        Shard shard = shard(id);
        shard.enter();
        try {
            FileEntry file = shard.file(id);
            Holding h = shard.holding(file, owner);
            FileShares shares = file == null ? null : file.shares;
            if (file == null || h == null || shares == null) {
                return false;
            }
            long count = shares.count(owner, mode);
            if (count == 0) {
                return false;
            }
            shares.set(owner, mode, count - 1);
            shard.sharesTaken--;
            if (count == 1) {
                h.shareModes &= ~FileShares.bit(mode);
                heldTotal.decrementAndGet();
                dropSharesIfEmpty(file);
                shard.dropIfEmpty(h);
                shard.dropIfEmpty(file);
            }
            return true;
        } finally {
            shard.exit();
        }
    }

    /** Takes away all of a holding's reservations. */
    void dropShares(Holding h) {
        FileShares shares = h.file.shares;
        if (h.shareModes != 0 && shares != null) {
            h.file.shard.sharesTaken -= shares.taken(h.owner.owner);
            heldTotal.addAndGet(-shares.removeAll(h.owner.owner));
            h.shareModes = 0;
            dropSharesIfEmpty(h.file);
        }
    }

    private static void dropSharesIfEmpty(FileEntry file) {
        if (file.shares != null && file.shares.isEmpty()) {
            file.shares = null;
        }
    }

    /** How many locks and reservations there are. */
    long heldTotal() {
        return heldTotal.get();
    }

    /** All shards, as a set of bits. */
    long allShards() {
        long mask = 0;
        for (Shard s : shards) {
            mask |= 1L << s.index;
        }
        return mask;
    }

    static List<Effect> unmodifiable(List<Effect> effects) {
        return Collections.unmodifiableList(effects);
    }
}
