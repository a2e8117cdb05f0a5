package org.oncrpckit.nlm.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Who waits for what. Used inside turns only. */
final class BlockedLocks {
    private final Map<LaneKey, List<BlockedLock>> waits = new HashMap<>();
    private int count;

    void add(BlockedLock wait) {
        waits.computeIfAbsent(LaneKey.of(wait.lock()), key -> new ArrayList<>(1)).add(wait);
        count++;
    }

    void remove(BlockedLock wait) {
        LaneKey key = LaneKey.of(wait.lock());
        List<BlockedLock> same = waits.get(key);
        if (same != null && same.remove(wait)) {
            count--;
            if (same.isEmpty()) {
                waits.remove(key);
            }
        }
    }

    int count() {
        return count;
    }

    /** The waits of one owner on one file. */
    List<BlockedLock> of(LaneKey key) {
        return List.copyOf(waits.getOrDefault(key, List.of()));
    }

    List<BlockedLock> all(Predicate<NlmServer> server) {
        List<BlockedLock> all = new ArrayList<>();
        waits.forEach(
                (key, each) -> {
                    if (server.test(key.server())) {
                        all.addAll(each);
                    }
                });
        return all;
    }
}
