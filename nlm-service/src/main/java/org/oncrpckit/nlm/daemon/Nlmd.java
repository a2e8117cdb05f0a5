package org.oncrpckit.nlm.daemon;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.oncrpckit.nlm.CallbackTransport;
import org.oncrpckit.nlm.HostAliases;
import org.oncrpckit.nlm.NlmLimits;
import org.oncrpckit.nlm.admin.StateFolder;
import org.oncrpckit.rpc.server.host.AddressWatch;
import org.oncrpckit.rpc.server.host.ListenAddresses;
import org.oncrpckit.rpc.server.host.RpcbindMode;
import org.oncrpckit.rpc.server.host.StartupException;
import org.oncrpckit.rpc.server.host.Teardown;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.rpc.transport.RpcPlatform;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Entry point of {@code nlmd}: options, one ready line, and a clean end on SIGTERM. */
@Command(
        name = "nlmd",
        description =
                "Network lock manager (NLM) and status monitor (NSM) for NFSv3 servers that have"
                        + " none. Runs in the foreground; prints one line that starts with 'nlmd"
                        + " ready' when it serves.",
        mixinStandardHelpOptions = true,
        versionProvider = ProjectVersion.class,
        sortOptions = false,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:ended by SIGTERM or SIGINT",
            "1:could not start; one line on stderr says why and how to mend it",
            "2:wrong usage"
        })
public final class Nlmd implements Callable<Integer> {
    /** Longest grace period: what other lock managers allow. */
    private static final int GRACE_SECONDS_MAX = 240;

    private static final int ADDRESS_SECONDS_MAX = 3600;

    private static final int PORT_MAX = 65_535;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--listen",
            split = ",",
            hideParamSyntax = true,
            paramLabel = "ADDR[,ADDR...]",
            description =
                    "Addresses to serve; 0.0.0.0 stands for all of IPv4, :: for all (default:"
                            + " loopback).")
    private List<String> listen = List.of();

    @Option(
            names = "--address-interval",
            paramLabel = "SECONDS",
            description =
                    "How often nlmd looks for addresses that have come or gone, where --listen"
                            + " stands for all of a kind (default: 5).")
    private int addressSeconds = (int) AddressWatch.DEFAULT_INTERVAL.toSeconds();

    @Option(
            names = "--nlm-port",
            paramLabel = "N",
            description =
                    "Port of the lock manager, UDP and TCP (default: a free one, below 1024"
                            + " where permitted).")
    private int nlmPort;

    @Option(
            names = "--nsm-port",
            paramLabel = "N",
            description = "Port of the status monitor, UDP and TCP (default: a free one).")
    private int nsmPort;

    @Option(
            names = "--rpcbind",
            paramLabel = "auto|system|embedded|none",
            description =
                    "Register with the system's rpcbind, or with one inside nlmd; auto: with the"
                            + " system's when it answers, else with its own where port 111 can be"
                            + " had (default: auto).")
    private RpcbindMode rpcbind = RpcbindMode.AUTO;

    @Option(
            names = "--statd",
            paramLabel = "builtin|external",
            description =
                    "Status monitor that remembers the clients: nlmd itself, or the one that this"
                            + " host has already, such as rpc.statd (default: builtin).")
    private StatdMode statd = StatdMode.BUILTIN;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description =
                    "Monitored hosts, state number and control socket (default: /var/lib/nlmd"
                            + " for root, else the user's state folder).")
    private Path stateFolder = StateFolder.defaultPlace();

    @Option(
            names = "--grace",
            paramLabel = "SECONDS",
            description =
                    "How long only reclaims are granted after a restart; nobody waits when no"
                            + " client was known (default: 45).")
    private int graceSeconds = 45;

    @Option(
            names = "--callback",
            paramLabel = "same|udp",
            description =
                    "How waiting clients are told of their locks: over the transport of their"
                            + " request, or all over UDP, from the port of --nlm-port, where they"
                            + " have registered UDP (default: same).")
    private CallbackTransport callback = CallbackTransport.SAME;

    @Option(
            names = "--alias",
            paramLabel = "NAME=ADDR,ADDR...",
            converter = AliasConverter.class,
            description =
                    "These addresses are one client's; may be given several times (default: every"
                            + " address is a client).")
    private List<HostAliases.Host> aliases = List.of();

    @ArgGroup(validate = false, exclusive = false, heading = "%nLimits:%n")
    private LimitOptions limits = new LimitOptions();

    @Option(
            names = "--reclaim",
            paramLabel = "trust|verify",
            description =
                    "Believe every reclaim within grace, or only those of locks that a journal in"
                            + " the state folder shows as held (default: trust).")
    private ReclaimMode reclaim = ReclaimMode.TRUST;

    private Nlmd() {}

    /** Runs the daemon. */
    public static void main(String[] arguments) {
        int status =
                new CommandLine(new Nlmd())
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .setParameterExceptionHandler(Nlmd::wrongUsage)
                        .execute(arguments);
        System.exit(status);
    }

    private static int wrongUsage(ParameterException wrong, String... arguments) {
        System.err.println("nlmd: " + wrong.getMessage() + "; see nlmd --help");
        return CommandLine.ExitCode.USAGE;
    }

    @Override
    public Integer call() throws InterruptedException {
        checkRange("--nlm-port", 0, nlmPort, PORT_MAX);
        checkRange("--nsm-port", 0, nsmPort, PORT_MAX);
        checkRange("--grace", 0, graceSeconds, GRACE_SECONDS_MAX);
        checkRange("--address-interval", 1, addressSeconds, ADDRESS_SECONDS_MAX);
        if (nlmPort != 0 && nlmPort == nsmPort) {
            throw new ParameterException(
                    spec.commandLine(), "--nlm-port and --nsm-port must differ");
        }
        HostAliases hosts;
        NlmLimits max;
        try {
            hosts = HostAliases.of(aliases);
            max = limits.limits();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        Teardown teardown = new Teardown();
        Daemon daemon;
        try {
            daemon = start(teardown, hosts, max);
        } catch (StartupException e) {
            teardown.close();
            System.err.println("nlmd: " + e.getMessage());
            return 1;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(teardown), "nlmd-shutdown"));
        System.out.println(daemon.readyLine());
        new CountDownLatch(1).await();
        return 0;
    }

    private void checkRange(String option, int min, int value, int max) {
        if (value < min || value > max) {
            throw new ParameterException(
                    spec.commandLine(),
                    option + " " + value + " (expected: " + min + " to " + max + ")");
        }
    }

    private Daemon start(Teardown teardown, HostAliases hosts, NlmLimits max)
            throws StartupException, InterruptedException {
        SocketPlatform sockets = SocketPlatform.open();
        teardown.add(sockets);
        RpcPlatform platform = sockets.platform();
        NlmdSettings settings =
                new NlmdSettings(
                        ListenAddresses.parse(listen, "--listen"),
                        Duration.ofSeconds(addressSeconds),
                        nlmPort,
                        nsmPort,
                        rpcbind,
                        statd,
                        stateFolder,
                        Duration.ofSeconds(graceSeconds),
                        callback,
                        hosts,
                        max,
                        reclaim);
        return Daemon.start(platform, settings, teardown);
    }

    /** The exit status of a process that a signal ends is the signal's, unless halted here. */
    private static void end(Teardown teardown) {
        teardown.close();
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }
}
