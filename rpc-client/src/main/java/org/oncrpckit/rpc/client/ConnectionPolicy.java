package org.oncrpckit.rpc.client;

import java.time.Duration;

/**
 * How the client treats the connections that it opens itself: one for each remote address and
 * source, opened by the first call that needs it.
 *
 * <p>A broken connection fails the calls that were sent over it with {@link RpcClosedException};
 * none is ever sent again without the caller's doing, because the server may have executed it.
 * Calls that had not been sent move to the next connection. A failed attempt to connect fails the
 * calls that waited for it; the next attempt is made for the next call, not before the back-off has
 * passed: each is twice as long as the one before and cut at random by up to a half. A connection
 * that the other side ended before it brought any reply counts as a failed attempt, unless it
 * lasted longer than the longest back-off.
 *
 * @param connectTimeLimit one attempt ends after this time at the latest; positive
 * @param idleLimit a connection that had no call for so long is closed; positive
 * @param backoffFirst back-off after the first failed attempt; positive
 * @param backoffLongest back-off stops doubling here; at least {@code backoffFirst}
 * @param inFlight calls that wait for a reply over one connection, at least 1; more wait in line
 */
public record ConnectionPolicy(
        Duration connectTimeLimit,
        Duration idleLimit,
        Duration backoffFirst,
        Duration backoffLongest,
        int inFlight) {
    /** Connects within 10 s, closes after 2 idle minutes, backs off 100 ms to 10 s, 256 calls. */
    public static final ConnectionPolicy DEFAULT =
            new ConnectionPolicy(
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(2),
                    Duration.ofMillis(100),
                    Duration.ofSeconds(10),
                    256);

    /** Checks the values. */
    public ConnectionPolicy {
        requirePositive("connect time limit", connectTimeLimit);
        requirePositive("idle limit", idleLimit);
        requirePositive("first back-off", backoffFirst);
        if (backoffLongest.compareTo(backoffFirst) < 0) {
            throw new IllegalArgumentException(
                    "longest back-off "
                            + backoffLongest
                            + " (expected: at least the first, "
                            + backoffFirst
                            + ")");
        }
        if (inFlight < 1) {
            throw new IllegalArgumentException(
                    inFlight + " calls in flight (expected: at least 1)");
        }
    }

    private static void requirePositive(String what, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(what + " " + value + " is not positive");
        }
    }
}
