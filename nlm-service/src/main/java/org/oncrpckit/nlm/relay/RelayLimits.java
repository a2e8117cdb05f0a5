package org.oncrpckit.nlm.relay;

import java.time.Duration;

/**
 * How much a relay takes on.
 *
 * @param connections processes that are connected
 * @param expectationsPerConnection grants and results that one of them waits for
 * @param expectations those of all together
 * @param hostsPerConnection hosts that one of them has monitored
 * @param verdict how long a process may take to say whether it takes a lock; then the server is
 *     told that nobody does
 */
public record RelayLimits(
        int connections,
        int expectationsPerConnection,
        int expectations,
        int hostsPerConnection,
        Duration verdict) {
    /** 1,024 connections, 16,384 expectations each and 262,144 in all, 1,024 hosts each, 5 s. */
    public static final RelayLimits DEFAULT =
            new RelayLimits(1024, 16_384, 262_144, 1024, Duration.ofSeconds(5));

    /** Checks that every limit is positive. */
    public RelayLimits {
        if (connections < 1
                || expectationsPerConnection < 1
                || expectations < 1
                || hostsPerConnection < 1
                || verdict.isNegative()
                || verdict.isZero()) {
            throw new IllegalArgumentException(
                    "limits %d, %d, %d, %d, %s (expected: all positive)"
                            .formatted(
                                    connections,
                                    expectationsPerConnection,
                                    expectations,
                                    hostsPerConnection,
                                    verdict));
        }
    }
}
