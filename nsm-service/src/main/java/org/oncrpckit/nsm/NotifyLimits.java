package org.oncrpckit.nsm;

import java.time.Duration;
import java.util.Objects;

/**
 * How hosts are notified after a restart; the default is what sm-notify does.
 *
 * @param firstInterval from the first attempt to the second; each one after is twice as long
 * @param longestInterval where the doubling stops
 * @param giveUpAfter from the first attempt to the last
 * @param attemptLimit longest time that one step of an attempt (asking for the port, the notice)
 *     waits for an answer; an attempt never waits longer than its interval either
 * @param atOnceMax hosts that are waited for at the same time
 */
public record NotifyLimits(
        Duration firstInterval,
        Duration longestInterval,
        Duration giveUpAfter,
        Duration attemptLimit,
        int atOnceMax) {
    /** 2 s doubling to 120 s, for 15 minutes; 5 s a step; 256 hosts at once. */
    public static final NotifyLimits DEFAULT =
            new NotifyLimits(
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(120),
                    Duration.ofMinutes(15),
                    Duration.ofSeconds(5),
                    256);

    /** Checks the values. */
    public NotifyLimits {
        Objects.requireNonNull(giveUpAfter, "giveUpAfter");
        if (firstInterval.isNegative()
                || firstInterval.isZero()
                || longestInterval.compareTo(firstInterval) < 0
                || attemptLimit.isNegative()
                || attemptLimit.isZero()) {
            throw new IllegalArgumentException(
                    "intervals %s to %s, attempts of %s (expected: 0 < first <= longest)"
                            .formatted(firstInterval, longestInterval, attemptLimit));
        }
        if (atOnceMax < 1) {
            throw new IllegalArgumentException(atOnceMax + " hosts at once (expected: 1 or more)");
        }
    }
}
