package org.oncrpckit.nsm.daemon;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.oncrpckit.rpc.server.host.StartupException;
import org.oncrpckit.rpc.server.host.Teardown;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
        versionProvider = ProjectVersion.class,
        sortOptions = false,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:ended by SIGTERM or SIGINT",
            "1:could not start; one line on stderr says why and how to mend it",
            "2:wrong usage"
        })
public final class Nsmd implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(Nsmd.class);

    private static final String CALL_BACK = "--call-back";

    @Spec private CommandSpec spec = CommandSpec.create();

    @ArgGroup(validate = false, heading = "%nNetwork:%n", order = 1)
    private Network network = new Network();

    @ArgGroup(validate = false, heading = "%nFiles:%n", order = 2)
    private StateOptions state = new StateOptions();

    @ArgGroup(validate = false, heading = "%nLocal services:%n", order = 3)
    private Services services = new Services();

    /** Where it serves. */
    private static final class Network extends NetworkOptions {
        @Option(
                names = "--port",
                paramLabel = "N",
                order = 5,
                description =
                        "Port, UDP and TCP (default: a free one, below 1024 where permitted: Linux"
                                + " takes call-backs from there only).")
        private int port;

        Network() {}

        @Override
        public void check(DaemonCommandLine.Ranges ranges) {
            super.check(ranges);
            checkPort(ranges, "--port", port);
        }
    }

    /** Whom it serves. */
    private static final class Services {
        @Option(
                names = CALL_BACK,
                split = ",",
                hideParamSyntax = true,
                paramLabel = "PROGRAM:PROCEDURE[,...]",
                description =
                        "What local services may have called back, always on loopback (default:"
                                + " 100021:16,100021:24, lock managers).")
        private List<String> callBacks = List.of("100021:16", "100021:24");

        Services() {}
    }

    private Nsmd() {}

    /** Runs the daemon. */
    public static void main(String[] arguments) {
        System.exit(DaemonCommandLine.run(new Nsmd(), arguments));
    }

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        network.check(new DaemonCommandLine.Ranges(spec));
        List<NsmdSettings.AllowedCallBack> allowed;
        try {
            allowed = services.callBacks.stream().map(NsmdSettings.AllowedCallBack::parse).toList();
        } catch (IllegalArgumentException e) {
            throw DaemonCommandLine.wrong(spec, CALL_BACK, CALL_BACK + " " + e.getMessage());
        }
        try {
            serve(
                    new NsmdSettings(
                            network.listen(),
                            network.addressInterval(),
                            network.port,
                            network.rpcbind(),
                            state.stateFolder(spec.name()),
                            allowed));
            return 0;
        } catch (StartupException e) {
            System.err.println("nsmd: " + e.getMessage());
            return 1;
        }
    }

    /** Serves until a signal; a simulated crash of the host is a new start in the same process. */
    private void serve(NsmdSettings settings)
            throws StartupException, InterruptedException, ExecutionException {
        Teardown teardown = new Teardown();
        MonitorDaemon daemon = start(settings, teardown);
        DaemonCommandLine.endOnSignal(spec, teardown);
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
}
