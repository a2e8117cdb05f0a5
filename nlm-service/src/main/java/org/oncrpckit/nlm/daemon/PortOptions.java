package org.oncrpckit.nlm.daemon;

import org.oncrpckit.nsm.daemon.DaemonCommandLine;
import org.oncrpckit.nsm.daemon.NetworkOptions;
import picocli.CommandLine.Option;

/** Where the daemon serves: both its ports beside what every daemon has. */
final class PortOptions extends NetworkOptions {
    private static final String NLM_PORT = "--nlm-port";

    private static final String NSM_PORT = "--nsm-port";

    @Option(
            order = 5,
            names = NLM_PORT,
            paramLabel = "N",
            description =
                    "Port of the lock manager, UDP and TCP (default: a free one, below 1024"
                            + " where permitted).")
    private int nlmPort;

    @Option(
            order = 6,
            names = NSM_PORT,
            paramLabel = "N",
            description = "Port of the status monitor, UDP and TCP (default: a free one).")
    private int nsmPort;

    PortOptions() {}

    int nlmPort() {
        return nlmPort;
    }

    int nsmPort() {
        return nsmPort;
    }

    @Override
    public void check(DaemonCommandLine.Ranges ranges) {
        super.check(ranges);
        checkPort(ranges, NLM_PORT, nlmPort);
        checkPort(ranges, NSM_PORT, nsmPort);
        if (nlmPort != 0 && nlmPort == nsmPort) {
            throw DaemonCommandLine.wrong(
                    ranges.command(), NSM_PORT, NLM_PORT + " and " + NSM_PORT + " must differ");
        }
    }
}
