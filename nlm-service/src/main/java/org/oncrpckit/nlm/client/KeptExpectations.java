package org.oncrpckit.nlm.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.lock.LockRange;

/**
 * For each lock that a GRANTED call may have brought: that further such calls are expected while it
 * is held, to be confirmed. Used inside turns only.
 */
final class KeptExpectations {
    private record Kept(NlmLock lock, CallBackPath.Expectation expectation) {}

    private final HeldLocks held;
    private final Map<LaneKey, List<Kept>> kept = new HashMap<>();

    KeptExpectations(HeldLocks held) {
        this.held = held;
    }

    /** A lock is held; what was expected of the same lock before is not needed beside this. */
    void keep(Turns.Turn turn, NlmLock lock, CallBackPath.Expectation expectation) {
        LaneKey key = LaneKey.of(lock);
        end(turn, key, lock.range(), lock);
        if (expectation != CallBackPath.Expectation.NONE) {
            kept.computeIfAbsent(key, same -> new ArrayList<>(1)).add(new Kept(lock, expectation));
        }
    }

    /** Some of these bytes may not be held any more, or in another mode. */
    void released(Turns.Turn turn, LaneKey key, LockRange range) {
        end(turn, key, range, null);
    }

    private void end(Turns.Turn turn, LaneKey key, LockRange range, @Nullable NlmLock replaced) {
        List<Kept> same = kept.get(key);
        if (same == null) {
            return;
        }
        same.removeIf(
                each -> {
                    boolean over =
                            each.lock.range().intersects(range)
                                    && (each.lock.equals(replaced) || !held.covers(each.lock));
                    if (over) {
                        turn.afterwards(each.expectation::end);
                    }
                    return over;
                });
        if (same.isEmpty()) {
            kept.remove(key);
        }
    }
}
