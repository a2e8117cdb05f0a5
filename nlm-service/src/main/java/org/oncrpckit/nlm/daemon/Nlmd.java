package org.oncrpckit.nlm.daemon;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.oncrpckit.nlm.HostAliases;
import org.oncrpckit.nsm.daemon.DaemonCommandLine;
import org.oncrpckit.nsm.daemon.ProjectVersion;
import org.oncrpckit.rpc.server.host.StartupException;
import org.oncrpckit.rpc.server.host.Teardown;
import org.oncrpckit.rpc.socket.SocketPlatform;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
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
    @Spec private CommandSpec spec = CommandSpec.create();

    @ArgGroup(validate = false, heading = "%nNetwork:%n", order = 1)
    private PortOptions network = new PortOptions();

    @ArgGroup(validate = false, heading = "%nClients:%n", order = 2)
    private ClientOptions clients = new ClientOptions();

    @ArgGroup(validate = false, heading = "%nFiles and restarts:%n", order = 3)
    private RestartOptions restart = new RestartOptions();

    @ArgGroup(validate = false, heading = "%nLimits:%n", order = 4)
    private LimitOptions limits = new LimitOptions();

    private Nlmd() {}

    /** Runs the daemon. */
    public static void main(String[] arguments) {
        System.exit(DaemonCommandLine.run(new Nlmd(), arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        DaemonCommandLine.Ranges ranges = new DaemonCommandLine.Ranges(spec);
        network.check(ranges);
        restart.check(ranges);
        limits.check(ranges);
        HostAliases aliases = clients.aliases(spec);
        Teardown teardown = new Teardown();
        Daemon daemon;
        try {
            daemon = start(teardown, aliases);
        } catch (StartupException e) {
            teardown.close();
            System.err.println("nlmd: " + e.getMessage());
            return 1;
        }
        DaemonCommandLine.endOnSignal(spec, teardown);
        System.out.println(daemon.readyLine());
        new CountDownLatch(1).await();
        return 0;
    }

    private Daemon start(Teardown teardown, HostAliases aliases)
            throws StartupException, InterruptedException {
        NlmdSettings settings =
                new NlmdSettings(
                        network.listen(),
                        network.addressInterval(),
                        network.nlmPort(),
                        network.nsmPort(),
                        network.rpcbind(),
                        restart.statd(),
                        restart.stateFolder(spec.name()),
                        restart.grace(),
                        clients.callback(),
                        clients.grantedByCall(),
                        aliases,
                        limits.limits(),
                        restart.reclaim());
        SocketPlatform sockets = SocketPlatform.open();
        teardown.add(sockets);
        return Daemon.start(sockets.platform(), settings, teardown);
    }
}
