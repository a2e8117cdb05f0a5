package org.oncrpckit.rpc.server;

import java.time.Duration;

/**
 * What is kept for duplicates of calls that have ended.
 *
 * @param entriesMax replies kept; 0 recognizes only duplicates of calls in progress
 * @param bytesMax memory for them in bytes, bookkeeping included; 0 or more
 * @param time how long a reply is kept; more than zero
 */
public record ReplyCacheLimits(int entriesMax, long bytesMax, Duration time) {
    /** Checks the bounds. */
    public ReplyCacheLimits {
        if (entriesMax < 0 || bytesMax < 0) {
            throw new IllegalArgumentException(
                    "reply cache of %d entries, %d bytes (expected: 0 or more)"
                            .formatted(entriesMax, bytesMax));
        }
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("reply cache time " + time + " is not positive");
        }
    }
}
