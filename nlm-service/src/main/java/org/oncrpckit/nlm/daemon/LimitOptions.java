package org.oncrpckit.nlm.daemon;

import org.oncrpckit.nlm.NlmLimits;
import org.oncrpckit.nsm.daemon.DaemonCommandLine;
import picocli.CommandLine.Option;

/** The options that say how much the daemon takes on; all of them are {@link NlmLimits}. */
final class LimitOptions {
    private static final String LOCKS = "--max-locks";

    private static final String LOCKS_PER_HOST = "--max-locks-per-host";

    private static final String WAITING = "--max-waiting";

    private static final String WAITING_PER_HOST = "--max-waiting-per-host";

    private static final String HOSTS = "--max-hosts";

    private static final String CALLBACKS_PER_HOST = "--max-callbacks-per-host";

    @Option(
            names = LOCKS,
            order = 0,
            paramLabel = "N",
            description =
                    "Locks and share reservations of everybody (default: ${DEFAULT-VALUE}). What is"
                            + " beyond a limit is refused (NOLOCKS); unlocking never is.")
    private long locks = NlmLimits.DEFAULT.locksMax();

    @Option(
            names = LOCKS_PER_HOST,
            order = 1,
            paramLabel = "N",
            description = "Locks and share reservations of one client (default: ${DEFAULT-VALUE}).")
    private long locksPerHost = NlmLimits.DEFAULT.locksPerHostMax();

    @Option(
            names = WAITING,
            order = 2,
            paramLabel = "N",
            description = "Waiting requests of everybody (default: ${DEFAULT-VALUE}).")
    private long waiting = NlmLimits.DEFAULT.waitersMax();

    @Option(
            names = WAITING_PER_HOST,
            order = 3,
            paramLabel = "N",
            description = "Waiting requests of one client (default: ${DEFAULT-VALUE}).")
    private int waitingPerHost = NlmLimits.DEFAULT.waitersPerHostMax();

    @Option(
            names = HOSTS,
            order = 4,
            paramLabel = "N",
            description = "Clients that are known at once (default: ${DEFAULT-VALUE}).")
    private int hosts = NlmLimits.DEFAULT.hostsMax();

    @Option(
            names = CALLBACKS_PER_HOST,
            order = 5,
            paramLabel = "N",
            description =
                    "Call-backs to one client in progress at once (default: ${DEFAULT-VALUE}).")
    private int callbacksPerHost = NlmLimits.DEFAULT.callbacksPerHostMax();

    LimitOptions() {}

    /** Refuses what is less than 1, as wrong usage of its option. */
    void check(DaemonCommandLine.Ranges ranges) {
        check(ranges, LOCKS, locks);
        check(ranges, LOCKS_PER_HOST, locksPerHost);
        check(ranges, WAITING, waiting);
        check(ranges, WAITING_PER_HOST, waitingPerHost);
        check(ranges, HOSTS, hosts);
        check(ranges, CALLBACKS_PER_HOST, callbacksPerHost);
    }

    private static void check(DaemonCommandLine.Ranges ranges, String option, long value) {
        ranges.check(option, 1, value, Long.MAX_VALUE);
    }

    NlmLimits limits() {
        return new NlmLimits(locks, locksPerHost, waiting, waitingPerHost, hosts, callbacksPerHost);
    }
}
