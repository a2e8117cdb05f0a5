package org.oncrpckit.nsm.daemon;

import java.time.Duration;
import java.util.List;
import org.oncrpckit.rpc.server.host.AddressWatch;
import org.oncrpckit.rpc.server.host.ListenAddresses;
import org.oncrpckit.rpc.server.host.RpcbindMode;
import org.oncrpckit.rpc.server.host.StartupException;
import picocli.CommandLine.Option;

/** The options of every daemon that say where it serves; a daemon adds its ports to them. */
public abstract class NetworkOptions {
    private static final int ADDRESS_SECONDS_MAX = 3600;

    private static final int PORT_MAX = 65_535;

    private static final String LISTEN = "--listen";

    private static final String ADDRESS_INTERVAL = "--address-interval";

    @Option(
            names = LISTEN,
            split = ",",
            hideParamSyntax = true,
            paramLabel = "ADDR[,ADDR...]",
            order = 0,
            description =
                    "Addresses to serve; 0.0.0.0 stands for all of IPv4, :: for all (default:"
                            + " loopback, which local services need).")
    private List<String> listen = List.of();

    @Option(
            names = ADDRESS_INTERVAL,
            paramLabel = "SECONDS",
            order = 1,
            description =
                    "How often ${COMMAND-NAME} looks for addresses that have come or gone, where"
                            + " --listen stands for all of a kind (default: ${DEFAULT-VALUE}).")
    private int addressSeconds = (int) AddressWatch.DEFAULT_INTERVAL.toSeconds();

    @Option(
            names = "--rpcbind",
            paramLabel = "auto|system|embedded|none",
            order = 10,
            description =
                    "Register with the system's rpcbind, or with one inside ${COMMAND-NAME}; auto:"
                            + " with the system's when it answers, else with its own where port 111"
                            + " can be had (default: auto).")
    private RpcbindMode rpcbind = RpcbindMode.AUTO;

    /** Defaults. */
    protected NetworkOptions() {}

    /**
     * The addresses to serve; looks up names.
     *
     * @throws StartupException when one is neither an address nor a name
     */
    public ListenAddresses listen() throws StartupException {
        return ListenAddresses.parse(listen, LISTEN);
    }

    /** From one look for addresses that have come or gone to the next. */
    public Duration addressInterval() {
        return Duration.ofSeconds(addressSeconds);
    }

    /** Whether to register, and where. */
    public RpcbindMode rpcbind() {
        return rpcbind;
    }

    /** Refuses what is out of range, as wrong usage of its option. */
    public void check(DaemonCommandLine.Ranges ranges) {
        ranges.check(ADDRESS_INTERVAL, 1, addressSeconds, ADDRESS_SECONDS_MAX);
    }

    /** Refuses what is no port number; 0 lets the daemon choose. */
    protected static void checkPort(DaemonCommandLine.Ranges ranges, String option, int port) {
        ranges.check(option, 0, port, PORT_MAX);
    }
}
