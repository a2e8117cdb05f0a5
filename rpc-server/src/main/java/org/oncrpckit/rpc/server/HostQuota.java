package org.oncrpckit.rpc.server;

/**
 * How many of something there may be at a time.
 *
 * @param max for all remote addresses together, 1 or more
 * @param perHostMax for each of them, 1 or more
 */
public record HostQuota(int max, int perHostMax) {
    /** Checks the bounds. */
    public HostQuota {
        if (max < 1 || perHostMax < 1) {
            throw new IllegalArgumentException(
                    "%d in all, %d for a host (expected: 1 or more each)"
                            .formatted(max, perHostMax));
        }
    }
}
