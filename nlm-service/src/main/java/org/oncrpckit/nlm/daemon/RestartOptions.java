package org.oncrpckit.nlm.daemon;

import java.time.Duration;
import org.oncrpckit.nlm.NlmService;
import org.oncrpckit.nsm.daemon.DaemonCommandLine;
import org.oncrpckit.nsm.daemon.StateOptions;
import picocli.CommandLine.Option;

/** What outlives the daemon, and what happens after a restart. */
final class RestartOptions extends StateOptions {
    /** Longest grace period: what other lock managers allow. */
    private static final int GRACE_SECONDS_MAX = 240;

    private static final String GRACE = "--grace";

    @Option(
            order = 5,
            names = "--statd",
            paramLabel = "builtin|external",
            description =
                    "Status monitor that remembers the clients: nlmd itself, or the one that this"
                            + " host has already, such as rpc.statd (default: builtin).")
    private StatdMode statd = StatdMode.BUILTIN;

    @Option(
            order = 6,
            names = GRACE,
            paramLabel = "SECONDS",
            description =
                    "How long only reclaims are granted after a restart; nobody waits when no"
                            + " client was known (default: ${DEFAULT-VALUE}).")
    private int graceSeconds = (int) NlmService.Builder.GRACE_DEFAULT.toSeconds();

    @Option(
            order = 7,
            names = "--reclaim",
            paramLabel = "trust|verify",
            description =
                    "Believe every reclaim within grace, or only those of locks that a journal in"
                            + " the state folder shows as held (default: trust).")
    private ReclaimMode reclaim = ReclaimMode.TRUST;

    RestartOptions() {}

    StatdMode statd() {
        return statd;
    }

    Duration grace() {
        return Duration.ofSeconds(graceSeconds);
    }

    ReclaimMode reclaim() {
        return reclaim;
    }

    void check(DaemonCommandLine.Ranges ranges) {
        ranges.check(GRACE, 0, graceSeconds, GRACE_SECONDS_MAX);
    }
}
