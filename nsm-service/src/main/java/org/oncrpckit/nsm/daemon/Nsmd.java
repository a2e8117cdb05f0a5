package org.oncrpckit.nsm.daemon;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.oncrpckit.rpc.server.host.ListenAddresses;
import org.oncrpckit.rpc.server.host.RpcbindMode;
import org.oncrpckit.rpc.server.host.StartupException;
import org.oncrpckit.rpc.server.host.Teardown;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Entry point of {@code nsmd}: options, one ready line, and a clean end on SIGTERM. */
@Command(
        name = "nsmd",
        description =
                "Network status monitor (NSM, program 100024): remembers the hosts that local"
                        + " services ask it to, tells them when this host has restarted, and tells"
                        + " the services when one of the hosts has. Runs in the foreground; prints"
                        + " one line that starts with 'nsmd ready' when it serves.",
        mixinStandardHelpOptions = true,
        versionProvider = Nsmd.Version.class,
        sortOptions = false,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:ended by SIGTERM or SIGINT",
            "1:could not start; one line on stderr says why and how to mend it",
            "2:wrong usage"
        })
public final class Nsmd implements Callable<Integer> {
    private static final int PORT_MAX = 65_535;
    private static final Logger LOG = LoggerFactory.getLogger(Nsmd.class);

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--listen",
            split = ",",
            hideParamSyntax = true,
            paramLabel = "ADDR[,ADDR...]",
            description =
                    "Addresses to serve; 0.0.0.0 stands for all of IPv4, :: for all (default:"
                            + " loopback). Local services need loopback among them.")
    private List<String> listen = List.of();

    @Option(
            names = "--port",
            paramLabel = "N",
            description =
                    "Port, UDP and TCP (default: a free one, below 1024 where permitted: Linux"
                            + " takes call-backs from there only).")
    private int port;

    @Option(
            names = "--rpcbind",
            paramLabel = "auto|system|embedded|none",
            description =
                    "Register with the system's rpcbind, or serve one here; auto: the system's"
                            + " where it answers, else one here where permitted (default: auto).")
    private RpcbindMode rpcbind = RpcbindMode.AUTO;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description =
                    "Monitored hosts and state number, in rpc.statd's layout (default:"
                            + " /var/lib/nsmd for root, else the user's state folder).")
    private Path stateFolder = StateFolder.byDefault("nsmd");

    @Option(
            names = "--call-back",
            split = ",",
            hideParamSyntax = true,
            paramLabel = "PROGRAM:PROCEDURE[,...]",
            description =
                    "What local services may have called back, always on loopback (default:"
                            + " 100021:16,100021:24, lock managers).")
    private List<String> callBacks = List.of("100021:16", "100021:24");

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Nsmd.class.getPackage().getImplementationVersion();
            return new String[] {"oncrpc-kit " + (version == null ? "(not packaged)" : version)};
        }
    }

    private Nsmd() {}

    /** Runs the daemon. */
    public static void main(String[] arguments) {
        int status =
                new CommandLine(new Nsmd())
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .execute(arguments);
        System.exit(status);
    }

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        if (port < 0 || port > PORT_MAX) {
            throw new ParameterException(
                    spec.commandLine(), "--port " + port + " (expected: 0 to " + PORT_MAX + ")");
        }
        List<NsmdSettings.AllowedCallBack> allowed;
        try {
            allowed = callBacks.stream().map(NsmdSettings.AllowedCallBack::parse).toList();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--call-back " + e.getMessage(), e);
        }
        try {
            serve(
                    new NsmdSettings(
                            ListenAddresses.parse(listen, "--listen"),
                            port,
                            rpcbind,
                            stateFolder,
                            allowed));
            return 0;
        } catch (StartupException e) {
            System.err.println("nsmd: " + e.getMessage());
            return 1;
        }
    }

    /** Serves until a signal; a simulated crash of the host is a new start in the same process. */
    private static void serve(NsmdSettings settings)
            throws StartupException, InterruptedException, ExecutionException {
        Teardown teardown = new Teardown();
        MonitorDaemon daemon = start(settings, teardown);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(teardown), "nsmd-shutdown"));
        System.out.println(daemon.readyLine());
        while (true) {
            daemon.crashed().get();
            LOG.warn("a local service asked for it: starting again as after a crash of this host");
            teardown.close();
            daemon = start(settings.withPort(daemon.portNumber()), teardown);
        }
    }

    private static MonitorDaemon start(NsmdSettings settings, Teardown teardown)
            throws StartupException, InterruptedException {
        boolean started = false;
        try {
            SocketPlatform sockets = SocketPlatform.open();
            teardown.add(sockets);
            MonitorDaemon daemon = MonitorDaemon.start(sockets.platform(), settings, teardown);
            started = true;
            return daemon;
        } finally {
            if (!started) {
                teardown.close();
            }
        }
    }

    /** The exit status of a process that a signal ends is the signal's, unless halted here. */
    private static void end(Teardown teardown) {
        teardown.close();
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }
}
