package org.oncrpckit.nlm.daemon;

import org.oncrpckit.nlm.NlmLimits;
import picocli.CommandLine.Option;

/** The options that say how much the daemon takes on; all of them are {@link NlmLimits}. */
final class LimitOptions {
    @Option(
            names = "--max-locks",
            paramLabel = "N",
            description =
                    "Locks and share reservations of everybody (default: 2000000). What is beyond"
                            + " a limit is refused (NOLOCKS); unlocking never is.")
    private long locks = NlmLimits.DEFAULT.locksMax();

    @Option(
            names = "--max-locks-per-host",
            paramLabel = "N",
            description = "Locks and share reservations of one client (default: 1500000).")
    private long locksPerHost = NlmLimits.DEFAULT.locksPerHostMax();

    @Option(
            names = "--max-waiting",
            paramLabel = "N",
            description = "Waiting requests of everybody (default: 200000).")
    private long waiting = NlmLimits.DEFAULT.waitersMax();

    @Option(
            names = "--max-waiting-per-host",
            paramLabel = "N",
            description = "Waiting requests of one client (default: 20000).")
    private int waitingPerHost = NlmLimits.DEFAULT.waitersPerHostMax();

    @Option(
            names = "--max-hosts",
            paramLabel = "N",
            description = "Clients that are known at once (default: 10000).")
    private int hosts = NlmLimits.DEFAULT.hostsMax();

    @Option(
            names = "--max-callbacks-per-host",
            paramLabel = "N",
            description = "Call-backs to one client in progress at once (default: 16).")
    private int callbacksPerHost = NlmLimits.DEFAULT.callbacksPerHostMax();

    LimitOptions() {}

    /**
     * The limits.
     *
     * @throws IllegalArgumentException when one of them is less than 1
     */
    NlmLimits limits() {
        check("--max-locks", locks);
        check("--max-locks-per-host", locksPerHost);
        check("--max-waiting", waiting);
        check("--max-waiting-per-host", waitingPerHost);
        check("--max-hosts", hosts);
        check("--max-callbacks-per-host", callbacksPerHost);
        return new NlmLimits(locks, locksPerHost, waiting, waitingPerHost, hosts, callbacksPerHost);
    }

    private static void check(String option, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(option + " " + value + " (expected: 1 or more)");
        }
    }
}
