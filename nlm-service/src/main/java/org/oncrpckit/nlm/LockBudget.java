package org.oncrpckit.nlm;

import java.util.function.LongSupplier;

/**
 * Keeps a host below its limit of locks without counting them each time: every operation adds one
 * lock at the most, so a count is good for as many operations as it was below the limit. To be
 * touched in its host's turns only.
 */
final class LockBudget {
    private static final long RECOUNT_NANOS = 1_000_000_000L;

    private final long max;
    private long heldAtMost;
    private long countedNanos;
    private boolean counted;

    LockBudget(long max) {
        this.max = max;
    }

    /** Something was done that may have added a lock. */
    void spend() {
        heldAtMost++;
    }

    /**
     * Whether there is room for another lock.
     *
     * @param count the number of locks, asked for once a second at the most
     */
    boolean hasRoom(long nowNanos, LongSupplier count) {
        if (heldAtMost < max) {
            return true;
        }
        if (counted && nowNanos - countedNanos < RECOUNT_NANOS) {
            return false;
        }
        heldAtMost = count.getAsLong();
        countedNanos = nowNanos;
        counted = true;
        return heldAtMost < max;
    }

    void reset() {
        heldAtMost = 0;
    }
}
