package org.oncrpckit.lock;

/**
 * How much there is in a {@link Scope}.
 *
 * @param held held locks
 * @param waiting waiting requests
 * @param shares share reservations, each counted as often as it was taken
 */
public record LockCounts(long held, long waiting, long shares) {
    /** Whether there is nothing. */
    public boolean isEmpty() {
        return held == 0 && waiting == 0 && shares == 0;
    }
}
