package org.oncrpckit.rpc.server;

/**
 * How many bytes may wait in a server: arguments of calls in progress, replies that their peers do
 * not read, and what has come of messages whose rest has not.
 *
 * @param highWater a connection that more replies than this wait for is not read
 * @param lowWater it is read again when no more than this wait
 * @param perHostMax what may wait for one remote address. Over it a call over UDP is dropped unless
 *     its handler runs inline; a connection that brings a call is not read until that call has
 *     ended; one that any reply waits for is not read until none does. Over twice as much, a
 *     connection that adds to it is closed.
 * @param max the same for all remote addresses together
 */
public record ByteLimits(int highWater, int lowWater, long perHostMax, long max) {
    /** Pause at 512 KiB, go on at 128 KiB; 8 MiB a host, 32 MiB in all. */
    public static final ByteLimits DEFAULT =
            new ByteLimits(512 << 10, 128 << 10, 8L << 20, 32L << 20);

    /** Checks the limits. */
    public ByteLimits {
        if (lowWater < 0 || highWater < lowWater) {
            throw new IllegalArgumentException(
                    "low water mark %d, high water mark %d (expected: 0 <= low <= high)"
                            .formatted(lowWater, highWater));
        }
        if (perHostMax < 1 || max < 1) {
            throw new IllegalArgumentException(
                    "bytes that may wait: %d for a host, %d in all (expected: 1 or more)"
                            .formatted(perHostMax, max));
        }
    }
}
