package org.oncrpckit.nlm;

import java.util.Objects;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.LockRange;

/**
 * One reason why a request waits: an edge of the graph of who waits for whom.
 *
 * @param waiter the request
 * @param blocker whose lock, or whose request, is in its way on the same file
 * @param blockerKey the blocker's name in the lock table
 * @param range which bytes the blocker has or asks for
 * @param mode shared or exclusive
 * @param held whether the blocker holds them; else it is ahead in the queue
 */
public record ListedReason(
        ListedWaiter waiter,
        OwnerLabel blocker,
        LockOwner blockerKey,
        LockRange range,
        LockMode mode,
        boolean held) {
    /** Refuses nulls. */
    public ListedReason {
        Objects.requireNonNull(waiter, "waiter");
        Objects.requireNonNull(blocker, "blocker");
        Objects.requireNonNull(blockerKey, "blockerKey");
        Objects.requireNonNull(range, "range");
        Objects.requireNonNull(mode, "mode");
    }
}
