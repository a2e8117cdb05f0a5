package org.oncrpckit.rpc.client;

import java.time.Duration;
import java.util.Objects;

/**
 * When a call over UDP is sent again while no reply has come. Each interval is twice the one
 * before, up to the longest.
 *
 * @param first interval before the first retransmission while the host's round-trip time is not
 *     known, and always when {@code adaptive} is false
 * @param longest interval that doubling stops at
 * @param transmissionsMax how often a call is sent at the most, the first time included
 * @param adaptive whether the measured round-trip time of the host replaces {@code first}
 */
public record Retransmission(
        Duration first, Duration longest, int transmissionsMax, boolean adaptive) {
    /** Starts at 1 s or the measured round-trip time, doubles up to 30 s, no limit but time. */
    public static final Retransmission ADAPTIVE =
            new Retransmission(
                    Duration.ofSeconds(1), Duration.ofSeconds(30), Integer.MAX_VALUE, true);

    /** Sent once. */
    public static final Retransmission NEVER =
            new Retransmission(Duration.ofSeconds(1), Duration.ofSeconds(30), 1, false);

    /** Checks the values. */
    public Retransmission {
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(longest, "longest");
        if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "intervals " + first + " to " + longest + " (expected: 0 < first <= longest)");
        }
        if (transmissionsMax < 1) {
            throw new IllegalArgumentException(
                    transmissionsMax + " transmissions (expected: at least 1)");
        }
    }
}
