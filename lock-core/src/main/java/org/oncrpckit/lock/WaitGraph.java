package org.oncrpckit.lock;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for whom. Nothing of it is stored: hard waits are read from the held locks, soft ones
 * from the order of the queues. Guarded by the slow-path lock together with the locks of all shards
 * that have a queue, and of the shard of any file that is passed in.
 *
 * <p>Searches skip requests that can show nothing new: if one has been searched, then a request
 * that stands behind it (or, searching forward, ahead of it) and wants no more has no neighbour in
 * that direction that has not been seen.
 */
final class WaitGraph {
    private final List<Shard> shards;
    private final WaitingRequests waiting;

    WaitGraph(List<Shard> shards, WaitingRequests waiting) {
        this.shards = shards;
        this.waiting = waiting;
    }

    /** The owners that wait for one, directly or through others. */
    Set<LockOwner> waitingFor(LockOwner target) {
        Set<LockOwner> reached = new HashSet<>();
        Set<Waiter> shown = new HashSet<>();
        ArrayDeque<LockOwner> open = new ArrayDeque<>();
        open.add(target);
        for (LockOwner at = open.poll(); at != null; at = open.poll()) {
            LockOwner owner = at;
            Predicate<Waiter> reach =
                    w -> {
                        if (!w.request.owner().equals(target) && reached.add(w.request.owner())) {
                            open.add(w.request.owner());
                        }
                        return true;
                    };
            forEachHardWaiter(
                    owner,
                    (w, held) -> {
                        if (held.mode == LockMode.EXCLUSIVE && isInside(w, held)) {
                            shown.add(w);
                        }
                        return reach.test(w);
                    });
            for (Waiter s = waiting.firstOf(owner); s != null; s = s.nextOfOwner) {
                if (shown.contains(s)) {
                    continue;
                }
                Waiter source = s;
                forEachBehind(
                        s,
                        w -> {
                            if (source.wantsAllOf(w.first(), w.last(), w.mode())) {
                                shown.add(w);
                            }
                            return reach.test(w);
                        });
            }
        }
        return reached;
    }

    private static boolean isInside(Waiter w, Hit held) {
        Overlap overlap = Overlap.of(w.first(), w.last(), held.first, held.last);
        return overlap == Overlap.EQUAL || overlap == Overlap.CONTAINED;
    }

    private static boolean forEachBehind(Waiter s, Predicate<Waiter> visitor) {
        FileQueue queue = s.file.queue;
        return queue == null
                || queue.forEachConflict(
                        s.request.owner(), s.mode(), s.first(), s.last(), s.order, visitor);
    }

    /**
     * Visits the waiting requests of others that conflict with a lock that an owner holds; some of
     * them repeatedly.
     */
    private void forEachHardWaiter(LockOwner owner, BiPredicate<Waiter, Hit> visitor) {
        for (Shard shard : shards) {
            if (shard.queued.isEmpty()) {
                continue;
            }
            OwnerEntry o = shard.owner(owner);
            if (o == null) {
                continue;
            }
            if (o.holdingCount <= shard.queued.size()) {
                for (Holding h = o.holdings; h != null; h = h.nextOfOwner) {
                    forEachHardWaiter(h, visitor);
                }
            } else {
                for (FileEntry f : shard.queued) {
                    Holding h = shard.holding(f, o);
                    if (h != null) {
                        forEachHardWaiter(h, visitor);
                    }
                }
            }
        }
    }

    private static void forEachHardWaiter(Holding h, BiPredicate<Waiter, Hit> visitor) {
        FileQueue queue = h.file.queue;
        if (queue != null) {
            meet(queue.tree(LockMode.EXCLUSIVE), h, LockMode.EXCLUSIVE, visitor);
            meet(queue.tree(LockMode.EXCLUSIVE), h, LockMode.SHARED, visitor);
            meet(queue.tree(LockMode.SHARED), h, LockMode.EXCLUSIVE, visitor);
        }
    }

    /**
     * Goes through requests and held ranges side by side, and leaps over those that meet none of
     * the others.
     */
    private static void meet(
            WaitTree requests, Holding h, LockMode held, BiPredicate<Waiter, Hit> visitor) {
        Hit hit = new Hit();
        Waiter w = requests.next(null, 0);
        while (w != null && h.find(held, w.first(), LockRange.END, hit)) {
            if (Long.compareUnsigned(hit.first, w.last()) > 0) {
                w = requests.next(w, hit.first);
            } else {
                if (!w.request.owner().equals(h.owner.owner) && !visitor.test(w, hit)) {
                    return;
                }
                w = requests.next(w, 0);
            }
        }
    }

    /** The owners that one waits for, directly or through others. */
    Set<LockOwner> waitedForBy(LockOwner source) {
        Set<LockOwner> reached = new HashSet<>();
        Set<Waiter> shown = new HashSet<>();
        ArrayDeque<LockOwner> open = new ArrayDeque<>();
        open.add(source);
        for (LockOwner at = open.poll(); at != null; at = open.poll()) {
            for (Waiter s = waiting.firstOf(at); s != null; s = s.nextOfOwner) {
                if (!shown.contains(s)) {
                    reachFrom(s, reached, shown, open);
                }
            }
        }
        return reached;
    }

    private static void reachFrom(
            Waiter s, Set<LockOwner> reached, Set<Waiter> shown, ArrayDeque<LockOwner> open) {
        Holding self = s.file.shard.holding(s.file, s.request.owner());
        s.file.forEachConflict(
                s.mode(),
                s.first(),
                s.last(),
                self,
                hit -> {
                    LockOwner holder = hit.holding().owner.owner;
                    if (reached.add(holder)) {
                        open.add(holder);
                    }
                    return true;
                });
        FileQueue queue = s.file.queue;
        if (queue == null) {
            return;
        }
        queue.forEachConflict(
                s.request.owner(),
                s.mode(),
                s.first(),
                s.last(),
                Long.MIN_VALUE,
                w -> {
                    if (w.order < s.order) {
                        if (s.wantsAllOf(w.first(), w.last(), w.mode())) {
                            shown.add(w);
                        }
                        if (reached.add(w.request.owner())) {
                            open.add(w.request.owner());
                        }
                    }
                    return true;
                });
    }

    /** Whether one of some owners holds a lock that conflicts with a request. */
    static boolean isHeldByOneOf(FileEntry file, LockRequest r, Set<LockOwner> owners) {
        Holding self = file.shard.holding(file, r.owner());
        return !file.forEachConflict(
                r.mode(),
                r.range().first(),
                r.range().last(),
                self,
                hit -> !owners.contains(hit.holding().owner.owner));
    }

    /**
     * Searches the hard waits from the holders that block a request.
     *
     * @param reached gets every owner found, the holders included
     * @return the shortest cycle that the request would close, its own owner first; empty if there
     *     is none
     */
    List<LockOwner> searchHardWaits(FileEntry file, LockRequest r, Collection<LockOwner> reached) {
        Map<LockOwner, LockOwner> cameFrom = new HashMap<>();
        ArrayDeque<LockOwner> open = new ArrayDeque<>();
        addHolders(file, r, cameFrom, open);
        for (LockOwner at = open.poll(); at != null; at = open.poll()) {
            for (Waiter w = waiting.firstOf(at); w != null; w = w.nextOfOwner) {
                addHolders(w.file, w.request, cameFrom, open);
                if (cameFrom.containsKey(r.owner())) {
                    return cycle(cameFrom, r.owner());
                }
            }
        }
        reached.addAll(cameFrom.keySet());
        return List.of();
    }

    private static void addHolders(
            FileEntry file,
            LockRequest r,
            Map<LockOwner, LockOwner> cameFrom,
            ArrayDeque<LockOwner> open) {
        Holding self = file.shard.holding(file, r.owner());
        file.forEachConflict(
                r.mode(),
                r.range().first(),
                r.range().last(),
                self,
                hit -> {
                    LockOwner holder = hit.holding().owner.owner;
                    if (cameFrom.putIfAbsent(holder, r.owner()) == null) {
                        open.add(holder);
                    }
                    return true;
                });
    }

    private static List<LockOwner> cycle(Map<LockOwner, LockOwner> cameFrom, LockOwner start) {
        ArrayDeque<LockOwner> cycle = new ArrayDeque<>();
        @Nullable LockOwner at = cameFrom.get(start);
        while (at != null && !at.equals(start)) {
            cycle.addFirst(at);
            at = cameFrom.get(at);
        }
        cycle.addFirst(start);
        return List.copyOf(cycle);
    }
}
