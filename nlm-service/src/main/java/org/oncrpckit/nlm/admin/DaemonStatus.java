package org.oncrpckit.nlm.admin;

import java.util.List;

/**
 * What a daemon says of itself.
 *
 * @param uptimeSeconds since it started
 * @param counts what it holds
 * @param recovery where it stands after its restart
 * @param service where it is reachable
 * @param counters what it has done since it started, and its limits, by name; docs/operating.md
 *     lists them
 */
public record DaemonStatus(
        long uptimeSeconds,
        Counts counts,
        Recovery recovery,
        Service service,
        List<Counter> counters) {
    /** Takes a copy of the list. */
    public DaemonStatus {
        counters = List.copyOf(counters);
    }

    /**
     * What a daemon holds.
     *
     * @param locks held locks, of remote and local owners
     * @param waiters waiting requests, of remote and local owners
     * @param shares share reservations
     * @param hosts clients it knows
     * @param unacknowledged grants that clients have not answered yet
     * @param unconfirmed locks that clients may not know they hold
     */
    public record Counts(
            long locks,
            long waiters,
            long shares,
            long hosts,
            long unacknowledged,
            long unconfirmed) {}

    /**
     * Recovery after a restart.
     *
     * @param nsmState state number of this host; odd
     * @param graceSecondsLeft how long only reclaims are granted; 0 when everything is
     * @param hostsToNotify clients that have not heard of the restart yet
     * @param reclaims "verify", or "trust" and perhaps why they are not verified
     */
    public record Recovery(
            int nsmState, long graceSecondsLeft, long hostsToNotify, String reclaims) {}

    /**
     * Where a daemon is reachable.
     *
     * @param addresses served addresses
     * @param nlmPort port of program 100021
     * @param nsmPort port of program 100024
     * @param rpcbind "system" when registered, else "none" and perhaps why
     */
    public record Service(List<String> addresses, int nlmPort, int nsmPort, String rpcbind) {
        /** Takes a copy of the list. */
        public Service {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * A number with a name.
     *
     * @param name words with dots between them, as in "answers.LOCK.GRANTED"
     * @param value the number
     */
    public record Counter(String name, long value) {}

    /** Held locks. */
    public long locks() {
        return counts.locks();
    }

    /** Waiting requests. */
    public long waiters() {
        return counts.waiters();
    }
}
