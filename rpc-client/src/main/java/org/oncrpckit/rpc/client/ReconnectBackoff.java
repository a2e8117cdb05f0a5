package org.oncrpckit.rpc.client;

import java.util.random.RandomGenerator;
import org.oncrpckit.rpc.transport.Deadline;

/** When the next attempt to connect may be made. Not thread-safe. */
final class ReconnectBackoff {
    private final ConnectionPolicy policy;
    private final RandomGenerator random;
    private int failures;
    private long notBefore;

    ReconnectBackoff(ConnectionPolicy policy, RandomGenerator random) {
        this.policy = policy;
        this.random = random;
    }

    /**
     * An attempt failed.
     *
     * @return the back-off in nanoseconds: doubled for each failure in a row, then cut by up to a
     *     half, so that clients of a restarted server do not come back all at once
     */
    long failed(long nowNanos) {
        long longest = Deadline.nanos(policy.backoffLongest());
        long backoff = Deadline.nanos(policy.backoffFirst());
        for (int i = 0; i < failures && backoff < longest; i++) {
            backoff *= 2;
        }
        backoff = Math.min(backoff, longest);
        failures++;
        backoff -= random.nextLong(backoff / 2 + 1);
        notBefore = nowNanos + backoff;
        return backoff;
    }

    /** The peer answered: the next attempt, whenever it comes, need not wait. */
    void succeeded() {
        failures = 0;
    }

    /** How long to wait before the next attempt, in nanoseconds; zero or less when it may begin. */
    long remaining(long nowNanos) {
        return failures == 0 ? 0 : notBefore - nowNanos;
    }
}
