package org.oncrpckit.nlm;

/**
 * How much there is now.
 *
 * @param locks held locks
 * @param waiters waiting requests
 * @param shares share reservations
 * @param hosts client hosts that are known
 * @param unacknowledged grants that clients have not answered yet
 * @param unconfirmed locks whose clients may not believe that they hold them
 */
public record NlmCounts(
        long locks, long waiters, long shares, int hosts, int unacknowledged, int unconfirmed) {}
