package org.oncrpckit.nlm.reclaim;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.oncrpckit.lock.ShareMode;

/** How often one owner has each share reservation of one file. Not thread-safe. */
final class HeldShares {
    private final Map<ShareMode, Long> counts = new TreeMap<>();

    void take(ShareMode mode, long times) {
        counts.merge(mode, times, Long::sum);
    }

    /** There are at least so many, from two views of the same ones. */
    void takeAtLeast(ShareMode mode, long times) {
        counts.merge(mode, times, Math::max);
    }

    /** Gives one back, if there is one. */
    void giveBack(ShareMode mode) {
        counts.computeIfPresent(mode, (same, count) -> count > 1 ? count - 1 : null);
    }

    boolean has(ShareMode mode) {
        return counts.containsKey(mode);
    }

    boolean isEmpty() {
        return counts.isEmpty();
    }

    void forEach(BiConsumer<ShareMode, Long> action) {
        counts.forEach(action);
    }
}
