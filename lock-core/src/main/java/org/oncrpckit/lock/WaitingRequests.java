package org.oncrpckit.lock;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * All waiting requests of a table, and the rule by which they are granted: whenever requests have
 * lost their witness, the one furthest ahead looks for another one, and is granted if there is
 * none. Guarded by the slow-path lock; whatever touches a file needs the lock of that file's shard
 * as well.
 */
final class WaitingRequests {
    /** Emptied maps that had been larger are thrown away, since maps do not shrink. */
    private static final int MAP_KEPT_MAX = 1024;

    private final EntryTable<Waiter> byTicket = new EntryTable<>();
    private Map<LockOwner, OwnerWaits> byOwner = new HashMap<>();
    private Map<SystemId, OwnerWaits> bySystem = new HashMap<>();
    private int ownersPeak;

    /**
     * The requests that have lost their witness in the running operation; empty between operations.
     */
    private final List<Waiter> lost = new ArrayList<>();

    private long lastTicket;
    private long lastOrder;

    int size() {
        return byTicket.size();
    }

    long lastTicket() {
        return lastTicket;
    }

    /** Continues after a restored state. */
    void setLastTicket(long ticket) {
        lastTicket = ticket;
    }

    @Nullable Waiter find(long ticket) {
        Waiter w = byTicket.first(EntryTable.spread(ticket));
        while (w != null && w.ticket != ticket) {
            w = byTicket.after(w);
        }
        return w;
    }

    /** What an owner waits for; null if it does not wait. */
    @Nullable OwnerWaits of(LockOwner owner) {
        return byOwner.get(owner);
    }

    int ownerCount() {
        return byOwner.size();
    }

    int systemCount() {
        return bySystem.size();
    }

    /** The waiting requests of a scope, in queue order. */
    List<Waiter> in(Scope scope, @Nullable FileEntry file) {
        List<Waiter> found = new ArrayList<>();
        if (scope instanceof Scope.OfFile) {
            if (file != null && file.queue != null) {
                file.queue.forEach(found::add);
            }
        } else if (scope instanceof Scope.OfOwner of) {
            addAllOf(byOwner.get(of.owner()), found);
        } else if (scope instanceof Scope.OfSystem of) {
            for (OwnerWaits o = bySystem.get(of.system()); o != null; o = o.nextOfSystem) {
                addAllOf(o, found);
            }
        } else {
            byOwner.values().forEach(o -> addAllOf(o, found));
        }
        found.sort(Waiter.BY_ORDER);
        return found;
    }

    private static void addAllOf(@Nullable OwnerWaits o, List<Waiter> found) {
        for (Waiter w = o == null ? null : o.first(); w != null; w = w.nextOfOwner) {
            found.add(w);
        }
    }

    /**
     * Queues a request with a new ticket.
     *
     * @param moving the owners whose waiting requests stand behind it afterwards, in all files
     */
    Waiter enqueue(LockRequest request, FileEntry file, Collection<LockOwner> moving) {
        Waiter w = add(request, file, ++lastTicket, moving.contains(request.owner()));
        if (!moving.isEmpty()) {
            moveBack(moving, w);
        }
        lost.add(w);
        return w;
    }

    private void moveBack(Collection<LockOwner> owners, Waiter butFor) {
        List<Waiter> moved = new ArrayList<>();
        for (LockOwner owner : owners) {
            addAllOf(byOwner.get(owner), moved);
        }
        moved.remove(butFor);
        moved.sort(Waiter.BY_ORDER);
        moved.forEach(this::moveBack);
    }

    /**
     * Puts in a request that had waited before; in queue order. Call {@link #grantAll} when all are
     * in.
     */
    void restore(LockRequest request, FileEntry file, long ticket, int overtakings) {
        Waiter w = add(request, file, ticket, false);
        w.overtakings = overtakings;
        lost.add(w);
    }

    private Waiter add(LockRequest request, FileEntry file, long ticket, boolean aheadOfOwn) {
        OwnerWaits o = byOwner.get(request.owner());
        if (o == null) {
            o = new OwnerWaits(request.owner());
            byOwner.put(request.owner(), o);
            ownersPeak = Math.max(ownersPeak, byOwner.size());
            link(o);
        }
        Waiter w = new Waiter(request, file, o, ticket);
        w.order = ++lastOrder;
        byTicket.add(w);
        o.add(w, aheadOfOwn);
        FileQueue queue = file.queue;
        if (queue == null) {
            queue = new FileQueue();
            file.queue = queue;
            file.shard.queued.add(file);
        }
        queue.add(w);
        return w;
    }

    private void link(OwnerWaits o) {
        OwnerWaits next = bySystem.put(o.owner.system(), o);
        o.nextOfSystem = next;
        if (next != null) {
            next.previousOfSystem = o;
        }
    }

    private void unlink(OwnerWaits o) {
        OwnerWaits before = o.previousOfSystem;
        OwnerWaits next = o.nextOfSystem;
        if (next != null) {
            next.previousOfSystem = before;
        }
        if (before != null) {
            before.nextOfSystem = next;
        } else if (next != null) {
            bySystem.put(o.owner.system(), next);
        } else {
            bySystem.remove(o.owner.system());
        }
    }

    /**
     * Puts a request behind all others. What it waits for stays ahead of it; what waited for it may
     * not any more.
     */
    private void moveBack(Waiter w) {
        FileQueue queue = queueOf(w);
        queue.remove(w);
        loseWatchers(w);
        w.order = ++lastOrder;
        queue.add(w);
    }

    private static FileQueue queueOf(Waiter w) {
        FileQueue queue = w.file.queue;
        if (queue == null) {
            throw new IllegalStateException("#" + w.ticket + " is in no queue");
        }
        return queue;
    }

    /** Takes a request out, granted or not. */
    void dequeue(Waiter w) {
        FileQueue queue = queueOf(w);
        queue.remove(w);
        if (queue.isEmpty()) {
            w.file.queue = null;
            w.file.shard.queued.remove(w.file);
        }
        w.dropWitness();
        loseWatchers(w);
        w.order = Waiter.ORDER_GONE;
        byTicket.remove(w);
        w.owner.remove(w);
        if (w.owner.isEmpty()) {
            byOwner.remove(w.owner.owner);
            unlink(w.owner);
            if (byOwner.isEmpty() && ownersPeak > MAP_KEPT_MAX) {
                byOwner = new HashMap<>();
                bySystem = new HashMap<>();
                ownersPeak = 0;
            }
        }
    }

    private void loseWatchers(Waiter w) {
        for (Waiter x = w.firstWatcher(); x != null; x = w.firstWatcher()) {
            x.dropWitness();
            lost.add(x);
        }
    }

    /**
     * To be called when a holding has changed on [first, last]: whoever watched a byte there loses
     * its witness, unless the holding still conflicts with it.
     *
     * @param mode what the holding is there now; null if it is nothing
     */
    void loseWatchers(Holding h, long first, long last, @Nullable LockMode mode) {
        RangeTree<Waiter> watchers = h.watchers;
        if (watchers == null || mode == LockMode.EXCLUSIVE) {
            return;
        }
        int lostBefore = lost.size();
        RangeTree.Entry<Waiter> e = new RangeTree.Entry<>();
        boolean more = watchers.find(first, last, e);
        while (more) {
            Waiter w = e.value;
            if (w != null && (mode == null || w.mode() == LockMode.SHARED)) {
                lost.add(w);
            }
            more = watchers.findAfter(first, last, e.first, w, null, e);
        }
        lost.subList(lostBefore, lost.size()).forEach(Waiter::dropWitness);
    }

    /** Grants whatever can be granted, the one furthest ahead first, and reports it. */
    void grantAll(List<Effect> effects) {
        if (lost.isEmpty()) {
            return;
        }
        PriorityQueue<Waiter> candidates = new PriorityQueue<>(lost.size(), Waiter.BY_ORDER);
        moveLostTo(candidates);
        for (Waiter w = candidates.poll(); w != null; w = candidates.poll()) {
            if (!findWitness(w)) {
                dequeue(w);
                hold(w.file, w.request);
                effects.add(new Effect.Granted(new Ticket(w.ticket), w.request));
                moveLostTo(candidates);
            }
        }
    }

    private void moveLostTo(PriorityQueue<Waiter> candidates) {
        for (Waiter w : lost) {
            if (w.isWaiting()) {
                candidates.add(w);
            }
        }
        lost.clear();
    }

    /** Gives an owner what it asks for. */
    void hold(FileEntry file, LockRequest r) {
        Holding h = file.shard.holdingFor(file, r.owner());
        HeldRanges.assign(h, r.range().first(), r.range().last(), r.mode());
        loseWatchers(h, r.range().first(), r.range().last(), r.mode());
    }

    private static boolean findWitness(Waiter w) {
        Waiter ahead = queueOf(w).latestAhead(w.request, w.order);
        if (ahead != null) {
            w.watch(ahead);
            return true;
        }
        Holding self = w.file.shard.holding(w.file, w.request.owner());
        Hit hit = new Hit();
        if (w.file.findConflict(w.mode(), w.first(), w.last(), self, hit)) {
            boolean startsInside = Long.compareUnsigned(hit.first, w.first()) >= 0;
            w.watch(hit.holding(), startsInside ? hit.first : w.first());
            return true;
        }
        return false;
    }
}
