package org.oncrpckit.lock;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Operations on files with a queue, and those that make one. They exclude each other by the
 * slow-path lock, which is always taken before any shard's. It guards {@link #waiting}; and since a
 * file with a queue is changed on this path only, whoever has the slow-path lock finds such files
 * at rest.
 */
final class SlowPath {
    private final LockEngine engine;
    private final List<Shard> shards;
    private final int overtakingsMax;
    private final long waitingMax;

    /** Null in a single-threaded table. */
    private final @Nullable ReentrantLock lock;

    final WaitingRequests waiting = new WaitingRequests();
    final WaitGraph graph;

    SlowPath(LockEngine engine, int overtakingsMax, long waitingMax, boolean concurrent) {
        this.engine = engine;
        this.shards = engine.shards;
        this.overtakingsMax = overtakingsMax;
        this.waitingMax = waitingMax;
        this.lock = concurrent ? new ReentrantLock() : null;
        this.graph = new WaitGraph(shards, waiting);
    }

    void enter() {
        if (lock != null) {
            lock.lock();
        }
    }

    void exit() {
        if (lock != null) {
            lock.unlock();
        }
    }

    /** Whether the caller has it locked; never in a single-threaded table. */
    boolean isLockedByCaller() {
        return lock != null && lock.isHeldByCurrentThread();
    }

    /** Enters this and some shards. */
    void enter(long mask) {
        enter();
        Shard.enterAll(shards, mask);
    }

    void exit(long mask) {
        Shard.exitAll(shards, mask);
        exit();
    }

    /**
     * The shards that a search of the waits may look into, and one more. Needs the slow-path lock
     * only.
     */
    private long queuedAnd(Shard shard) {
        long mask = 1L << shard.index;
        for (Shard s : shards) {
            if (!s.queued.isEmpty()) {
                mask |= 1L << s.index;
            }
        }
        return mask;
    }

    LockResult lock(Shard shard, LockRequest r, LockPolicy policy) {
        enter();
        try {
            long mask = queuedAnd(shard);
            Shard.enterAll(shards, mask);
            try {
                FileEntry file = shard.fileFor(r.file());
                LockResult result = policy == LockPolicy.TRY ? tryLock(file, r) : waitLock(file, r);
                shard.dropIfEmpty(file);
                return result;
            } finally {
                Shard.exitAll(shards, mask);
            }
        } finally {
            exit();
        }
    }

    private LockResult tryLock(FileEntry file, LockRequest r) {
        Hit hit = new Hit();
        Holding self = file.shard.holding(file, r.owner());
        if (file.findConflict(r.mode(), r.range().first(), r.range().last(), self, hit)) {
            return LockEngine.only(new LockOutcome.Denied(hit.toHeldLock()));
        }
        List<Waiter> passed = new ArrayList<>();
        if (!isCovered(self, r)) {
            List<Waiter> inTheWay = conflictingWaiters(file, r);
            if (!inTheWay.isEmpty()) {
                Waiter refusing = findPassed(inTheWay, r.owner(), passed);
                if (refusing != null) {
                    return LockEngine.only(new LockOutcome.Denied(refusing.toWaitingLock()));
                }
            }
        }
        if (!engine.hasRoom()) {
            return LockEngine.only(engine.full());
        }
        passed.forEach(w -> w.overtakings++);
        return grantNow(file, r);
    }

    /**
     * Whether the owner holds all of it already, so that nobody has to wait for it who did not
     * before.
     */
    private static boolean isCovered(@Nullable Holding self, LockRequest r) {
        return self != null && self.covers(r.mode(), r.range().first(), r.range().last());
    }

    private static List<Waiter> conflictingWaiters(FileEntry file, LockRequest r) {
        List<Waiter> found = new ArrayList<>();
        if (file.queue != null) {
            file.queue.forEachConflict(
                    r.owner(),
                    r.mode(),
                    r.range().first(),
                    r.range().last(),
                    Long.MIN_VALUE,
                    found::add);
        }
        return found;
    }

    /**
     * Finds which requests a TRY would overtake: those whose owners do not wait for its owner
     * anyway.
     *
     * @return the first request in the queue that may not be overtaken, or null
     */
    private @Nullable Waiter findPassed(
            List<Waiter> inTheWay, LockOwner owner, List<Waiter> passed) {
        inTheWay.sort(Waiter.BY_ORDER);
        Set<LockOwner> waitForUs = graph.waitingFor(owner);
        Set<LockOwner> weWaitFor = graph.waitedForBy(owner);
        for (Waiter w : inTheWay) {
            LockOwner other = w.request.owner();
            if (!waitForUs.contains(other)) {
                if (weWaitFor.contains(other) || w.overtakings >= overtakingsMax) {
                    return w;
                }
                passed.add(w);
            }
        }
        return null;
    }

    private LockResult grantNow(FileEntry file, LockRequest r) {
        List<Effect> effects = new ArrayList<>(1);
        waiting.hold(file, r);
        waiting.grantAll(effects);
        return LockEngine.granted(effects);
    }

    private LockResult waitLock(FileEntry file, LockRequest r) {
        Hit hit = new Hit();
        Holding self = file.shard.holding(file, r.owner());
        boolean blocked =
                file.findConflict(r.mode(), r.range().first(), r.range().last(), self, hit);
        if (!blocked && isCovered(self, r)) {
            return engine.hasRoom() ? grantNow(file, r) : LockEngine.only(engine.full());
        }
        // As a rule nobody waits for the owner; then the queue's contents do not matter, only
        // whether there is any.
        Set<LockOwner> waitForUs = graph.waitingFor(r.owner());
        if (!blocked && mayPassAll(file, r, waitForUs)) {
            return engine.hasRoom() ? grantNow(file, r) : LockEngine.only(engine.full());
        }
        Set<LockOwner> moving = Set.of();
        if (!waitForUs.isEmpty() && isBlockedByOneOf(file, r, waitForUs)) {
            Set<LockOwner> hardBlockers = new HashSet<>();
            List<LockOwner> cycle = graph.searchHardWaits(file, r, hardBlockers);
            if (!cycle.isEmpty()) {
                return LockEngine.only(new LockOutcome.Deadlock(cycle));
            }
            moving = new HashSet<>(waitForUs);
            moving.add(r.owner());
            moving.removeAll(hardBlockers);
        }
        if (waiting.size() >= waitingMax) {
            return LockEngine.only(new LockOutcome.LimitReached(Limit.WAITING, waitingMax));
        }
        List<Effect> effects = new ArrayList<>(1);
        Waiter w = waiting.enqueue(r, file, moving);
        waiting.grantAll(effects);
        return new LockResult(new LockOutcome.Waiting(new Ticket(w.ticket)), effects);
    }

    private static boolean mayPassAll(FileEntry file, LockRequest r, Set<LockOwner> waitForUs) {
        return file.queue == null
                || file.queue.forEachConflict(
                        r.owner(),
                        r.mode(),
                        r.range().first(),
                        r.range().last(),
                        Long.MIN_VALUE,
                        w -> waitForUs.contains(w.request.owner()));
    }

    private static boolean isBlockedByOneOf(FileEntry file, LockRequest r, Set<LockOwner> owners) {
        boolean queuedBehind =
                file.queue != null
                        && !file.queue.forEachConflict(
                                r.owner(),
                                r.mode(),
                                r.range().first(),
                                r.range().last(),
                                Long.MIN_VALUE,
                                w -> !owners.contains(w.request.owner()));
        return queuedBehind || WaitGraph.isHeldByOneOf(file, r, owners);
    }

    List<Effect> unlock(Shard shard, LockOwner owner, FileId id, LockRange range) {
        long mask = 1L << shard.index;
        enter(mask);
        try {
            List<Effect> effects = new ArrayList<>(1);
            FileEntry file = shard.file(id);
            Holding h = shard.holding(file, owner);
            if (file != null && h != null) {
                HeldRanges.assign(h, range.first(), range.last(), null);
                waiting.loseWatchers(h, range.first(), range.last(), null);
                waiting.grantAll(effects);
                shard.dropIfEmpty(h);
                shard.dropIfEmpty(file);
            }
            return LockEngine.unmodifiable(effects);
        } finally {
            exit(mask);
        }
    }

    CancelResult cancel(Ticket ticket) {
        enter();
        try {
            Waiter w = waiting.find(ticket.id());
            if (w == null) {
                return new CancelResult(CancelResult.Status.NOT_WAITING, List.of());
            }
            Shard shard = w.file.shard;
            shard.enter();
            try {
                List<Effect> effects = new ArrayList<>(1);
                waiting.dequeue(w);
                effects.add(new Effect.Ended(ticket, w.request, Effect.EndReason.CANCELLED));
                waiting.grantAll(effects);
                shard.dropIfEmpty(w.file);
                return new CancelResult(CancelResult.Status.CANCELLED, effects);
            } finally {
                shard.exit();
            }
        } finally {
            exit();
        }
    }

    List<Effect> release(Scope scope, Effect.EndReason reason) {
        long mask =
                scope instanceof Scope.OfFile of
                        ? 1L << engine.shard(of.file()).index
                        : engine.allShards();
        enter(mask);
        try {
            List<Effect> effects = new ArrayList<>(1);
            List<FileEntry> touched = new ArrayList<>();
            FileEntry only =
                    scope instanceof Scope.OfFile of
                            ? engine.shard(of.file()).file(of.file())
                            : null;
            for (Waiter w : waiting.in(scope, only)) {
                waiting.dequeue(w);
                touched.add(w.file);
                effects.add(new Effect.Ended(new Ticket(w.ticket), w.request, reason));
            }
            for (Holding h : holdings(scope, only)) {
                drop(h);
                touched.add(h.file);
            }
            waiting.grantAll(effects);
            touched.forEach(f -> f.shard.dropIfEmpty(f));
            return LockEngine.unmodifiable(effects);
        } finally {
            exit(mask);
        }
    }

    private void drop(Holding h) {
        HeldRanges.assign(h, 0, LockRange.END, null);
        waiting.loseWatchers(h, 0, LockRange.END, null);
        engine.dropShares(h);
        h.file.shard.dropIfEmpty(h);
    }

    private List<Holding> holdings(Scope scope, @Nullable FileEntry file) {
        List<Holding> found = new ArrayList<>();
        if (scope instanceof Scope.OfFile) {
            if (file != null) {
                found.addAll(file.holdings());
            }
            return found;
        }
        shards.forEach(shard -> found.addAll(shard.holdings(scope)));
        return found;
    }
}
