package org.oncrpckit.lock;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One search of the {@link WaitGraph}, from owner to owner, to each once. The requests of those to
 * whom it has come are passed over where they wait, a whole part of a {@link WaitTree} at a time.
 * Guarded like the graph.
 */
final class WaitSearch {
    private final long number;
    private final List<Shard> shards;
    private final WaitingRequests waiting;

    /** Immutable until there is somebody; as a rule nobody waits for one who asks for a lock. */
    private Set<LockOwner> reached = Set.of();

    /** Whose waits have to be looked at. */
    private final Queue<OwnerWaits> open = new ArrayDeque<>(1);

    /**
     * A search that has begun nowhere.
     *
     * @param number unlike that of each search before, and not 0
     */
    WaitSearch(long number, List<Shard> shards, WaitingRequests waiting) {
        this.number = number;
        this.shards = shards;
        this.waiting = waiting;
    }

    private void reach(OwnerWaits requests) {
        requests.reachedBy = number;
        add(requests.owner);
        open.add(requests);
    }

    private boolean add(LockOwner owner) {
        if (reached.isEmpty()) {
            reached = new HashSet<>();
        }
        return reached.add(owner);
    }

    /** The owners that wait for one, directly or through others. */
    Set<LockOwner> waitingFor(LockOwner target) {
        OwnerWaits own = waiting.of(target);
        if (own != null) {
            own.reachedBy = number;
        }
        reachWaitersFor(target, own);
        for (OwnerWaits o = open.poll(); o != null; o = open.poll()) {
            reachWaitersFor(o.owner, o);
        }
        return reached;
    }

    private void reachWaitersFor(LockOwner owner, @Nullable OwnerWaits requests) {
        for (Shard shard : shards) {
            if (!shard.queued.isEmpty()) {
                reachHardWaitersFor(shard, shard.owner(owner));
            }
        }
        for (Waiter s = requests == null ? null : requests.first(); s != null; s = s.nextOfOwner) {
            FileQueue queue = s.file.queue;
            if (queue != null) {
                queue.forEachLeftBehind(s, number, w -> reach(w.owner));
            }
        }
    }

    private void reachHardWaitersFor(Shard shard, @Nullable OwnerEntry o) {
        if (o == null) {
            return;
        }
        if (o.holdingCount <= shard.queued.size()) {
            for (Holding h = o.holdings; h != null; h = h.nextOfOwner) {
                reachHardWaitersFor(h);
            }
        } else {
            for (FileEntry f : shard.queued) {
                Holding h = shard.holding(f, o);
                if (h != null) {
                    reachHardWaitersFor(h);
                }
            }
        }
    }

    private void reachHardWaitersFor(Holding h) {
        FileQueue queue = h.file.queue;
        if (queue != null) {
            meet(queue.tree(LockMode.EXCLUSIVE), h, LockMode.EXCLUSIVE);
            meet(queue.tree(LockMode.EXCLUSIVE), h, LockMode.SHARED);
            meet(queue.tree(LockMode.SHARED), h, LockMode.EXCLUSIVE);
        }
    }

    /**
     * Goes through requests and held ranges side by side, and leaps over those that meet none of
     * the others.
     */
    private void meet(WaitTree requests, Holding h, LockMode held) {
        Hit hit = new Hit();
        Waiter w = requests.nextLeft(null, 0, number);
        while (w != null && h.find(held, w.first(), LockRange.END, hit)) {
            if (Long.compareUnsigned(hit.first, w.last()) > 0) {
                w = requests.nextLeft(w, hit.first, number);
            } else {
                reach(w.owner);
                w = requests.nextLeft(w, 0, number);
            }
        }
    }

    /** The owners that one waits for, directly or through others. */
    Set<LockOwner> waitedForBy(OwnerWaits source) {
        source.reachedBy = number;
        Set<Waiter> shown = new HashSet<>();
        for (OwnerWaits o = source; o != null; o = open.poll()) {
            for (Waiter s = o.first(); s != null; s = s.nextOfOwner) {
                if (!shown.contains(s)) {
                    reachFrom(s, shown);
                }
            }
        }
        return reached;
    }

    private void reachFrom(Waiter s, Set<Waiter> shown) {
        Holding self = s.file.shard.holding(s.file, s.request.owner());
        s.file.forEachConflict(
                s.mode(),
                s.first(),
                s.last(),
                self,
                hit -> {
                    LockOwner holder = hit.holding().owner.owner;
                    OwnerWaits requests = add(holder) ? waiting.of(holder) : null;
                    if (requests != null) {
                        reach(requests);
                    }
                    return true;
                });
        FileQueue queue = s.file.queue;
        if (queue != null) {
            queue.forEachLeftAhead(
                    s,
                    number,
                    w -> {
                        if (s.wantsAllOf(w.first(), w.last(), w.mode())) {
                            shown.add(w);
                        }
                        reach(w.owner);
                    });
        }
    }
}
