package org.oncrpckit.nlm.admin;

import java.util.List;

/**
 * What a daemon says of itself.
 *
 * @param uptimeSeconds since it started
 * @param counts what it holds
 * @param recovery where it stands after its restart
 * @param service where it is reachable
 */
public record DaemonStatus(long uptimeSeconds, Counts counts, Recovery recovery, Service service) {
    /**
     * What a daemon holds.
     *
     * @param locks held locks, of remote and local owners
     * @param waiters waiting requests, of remote and local owners
     * @param hosts clients it knows
     */
    public record Counts(long locks, long waiters, long hosts) {}

    /**
     * Recovery after a restart.
     *
     * @param nsmState state number of this host; odd
     * @param graceSecondsLeft how long only reclaims are granted; 0 when everything is
     * @param hostsToNotify clients that have not heard of the restart yet
     */
    public record Recovery(int nsmState, long graceSecondsLeft, long hostsToNotify) {}

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

    /** Held locks. */
    public long locks() {
        return counts.locks();
    }

    /** Waiting requests. */
    public long waiters() {
        return counts.waiters();
    }
}
