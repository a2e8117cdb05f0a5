package org.oncrpckit.lock;

import java.util.Objects;

/**
 * One reason why a request waits.
 *
 * @param waiter the request
 * @param blocker a held lock that conflicts with it, or a conflicting request ahead of it
 */
public record WaitsFor(WaitingLock waiter, Conflict blocker) {
    /** Refuses nulls. */
    public WaitsFor {
        Objects.requireNonNull(waiter, "waiter");
        Objects.requireNonNull(blocker, "blocker");
    }
}
