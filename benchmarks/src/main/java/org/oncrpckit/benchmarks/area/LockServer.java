package org.oncrpckit.benchmarks.area;

import java.util.List;

/**
 * A lock manager under load, ours or another.
 *
 * @param name for messages
 * @param port of its NLM
 * @param file handle, in hexadecimal digits, of the file on which locks stand
 * @param queue handle of the file for which others wait
 * @param load the load generator, where it must run
 * @param grants command of the waiting clients, where they must run; empty where they cannot
 */
record LockServer(
        String name, int port, String file, String queue, LoadCommand load, List<String> grants) {
    /** Locks and unlocks at random places among so many standing locks. */
    Contest.Contestant pairs(String transport, int inFlight, long standing) {
        return aimed().with("--work", "pairs")
                        .with("--transport", transport)
                        .with("--in-flight", inFlight)
                        .with("--standing", standing)
                ::run;
    }

    /** Takes so many locks, an owner each, which stay. */
    LoadCommand stand(long count) {
        return aimed().with("--work", "standing").with("--count", count).with("--in-flight", 64);
    }

    private LoadCommand aimed() {
        return load.with("--port", port).with("--file", file);
    }
}
