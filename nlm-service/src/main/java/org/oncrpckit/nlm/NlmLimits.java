package org.oncrpckit.nlm;

import java.util.Map;

/**
 * How much a lock manager takes on. What is beyond gets DENIED_NOLOCKS; unlocking is never refused.
 * An owner exists only while it holds or awaits something, so owners need no limit of their own.
 *
 * @param locksMax held locks of everybody; 1 or more
 * @param locksPerHostMax held locks of one host; 1 or more. Counted now and then rather than at
 *     each lock, so a host may be refused up to a second longer than it is full
 * @param waitersMax waiting requests of everybody; 1 or more
 * @param waitersPerHostMax requests of one host that wait, or are granted and not yet acknowledged;
 *     1 or more
 * @param hostsMax client hosts that are known at once; 1 or more
 * @param callbacksPerHostMax GRANTED calls to one host in progress at once; 1 or more
 */
public record NlmLimits(
        long locksMax,
        long locksPerHostMax,
        long waitersMax,
        int waitersPerHostMax,
        int hostsMax,
        int callbacksPerHostMax) {
    /** Two million locks, 1.5 million of them one host's; 200,000 waiters, 20,000 of one host's. */
    public static final NlmLimits DEFAULT =
            new NlmLimits(2_000_000, 1_500_000, 200_000, 20_000, 10_000, 16);

    /** Checks the bounds. */
    public NlmLimits {
        check("locksMax", locksMax);
        check("locksPerHostMax", locksPerHostMax);
        check("waitersMax", waitersMax);
        check("waitersPerHostMax", waitersPerHostMax);
        check("hostsMax", hostsMax);
        check("callbacksPerHostMax", callbacksPerHostMax);
    }

    /** The limits by the names under which {@link NlmStatistics#limitsReached} counts them. */
    public Map<String, Long> byName() {
        return Map.of(
                "locksMax",
                locksMax,
                "locksPerHostMax",
                locksPerHostMax,
                "waitersMax",
                waitersMax,
                "waitersPerHostMax",
                (long) waitersPerHostMax,
                "hostsMax",
                (long) hostsMax,
                "callbacksPerHostMax",
                (long) callbacksPerHostMax);
    }

    private static void check(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " " + value + " (expected: 1 or more)");
        }
    }
}
