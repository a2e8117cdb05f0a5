package org.oncrpckit.nsm.daemon;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every daemon that name its files. */
public class StateOptions {
    /** Names the file of {@link ConfigFile}. */
    static final String CONFIG = "--config";

    @Option(
            names = CONFIG,
            paramLabel = "FILE",
            order = 0,
            description =
                    "Read options from this TOML file: their long names without the dashes are its"
                            + " keys. What the command line says wins.")
    @SuppressWarnings("UnusedVariable") // DaemonCommandLine reads it before there is a daemon.
    private @Nullable Path config;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            order = 1,
            description =
                    "What must outlive ${COMMAND-NAME}: monitored hosts and state number, in"
                            + " rpc.statd's layout (default: /var/lib/${COMMAND-NAME} for root,"
                            + " else the user's state folder).")
    private @Nullable Path stateFolder;

    /** Defaults. */
    public StateOptions() {}

    /**
     * The state folder that was named, or else the usual one.
     *
     * @param daemon name of the daemon
     */
    public Path stateFolder(String daemon) {
        return stateFolder == null ? StateFolder.byDefault(daemon) : stateFolder;
    }
}
