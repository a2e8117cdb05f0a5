package org.oncrpckit.nlm;

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

    /** Whether there is room for another lock, for all that is known. */
    boolean hasRoom() {
        return heldAtMost < max;
    }

    /** Whether it is worth counting now: at most once a second. */
    boolean isCountDue(long nowNanos) {
        return !counted || nowNanos - countedNanos >= RECOUNT_NANOS;
    }

    /** So many there are. */
    void counted(long held, long nowNanos) {
        heldAtMost = held;
        countedNanos = nowNanos;
        counted = true;
    }

    void reset() {
        heldAtMost = 0;
    }
}
