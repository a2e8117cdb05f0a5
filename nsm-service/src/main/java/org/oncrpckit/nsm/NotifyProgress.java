package org.oncrpckit.nsm;

/**
 * How far the notices after a restart have come, in hosts.
 *
 * @param pending not answered yet
 * @param notified have answered
 * @param givenUp did not answer in time
 */
public record NotifyProgress(int pending, int notified, int givenUp) {
    /** Whether nothing is left to do. */
    public boolean ended() {
        return pending == 0;
    }
}
