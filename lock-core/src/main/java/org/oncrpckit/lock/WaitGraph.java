package org.oncrpckit.lock;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for whom. Nothing of it is stored: hard waits are read from the held locks, soft ones
 * from the order of the queues. Guarded by the slow-path lock together with the locks of all shards
 * that have a queue, and of the shard of any file that is passed in.
 */
final class WaitGraph {
    private final List<Shard> shards;
    private final WaitingRequests waiting;

    /** How many searches there have been. */
    private long searches;

    WaitGraph(List<Shard> shards, WaitingRequests waiting) {
        this.shards = shards;
        this.waiting = waiting;
    }

    /** The owners that wait for one, directly or through others. */
    Set<LockOwner> waitingFor(LockOwner target) {
        return new WaitSearch(++searches, shards, waiting).waitingFor(target);
    }

    /** The owners that one waits for, directly or through others. */
    Set<LockOwner> waitedForBy(LockOwner source) {
        OwnerWaits requests = waiting.of(source);
        return requests == null
                ? Set.of()
                : new WaitSearch(++searches, shards, waiting).waitedForBy(requests);
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
            OwnerWaits requests = waiting.of(at);
            for (Waiter w = requests == null ? null : requests.first();
                    w != null;
                    w = w.nextOfOwner) {
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
