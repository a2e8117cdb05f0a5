package org.oncrpckit.nlm.daemon;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.oncrpckit.nlm.NlmLimits;
import org.oncrpckit.nlm.NlmService;
import org.oncrpckit.nlm.StatusMonitor;
import org.oncrpckit.nlm.admin.AdminProgram;
import org.oncrpckit.nlm.admin.ClientProbe;
import org.oncrpckit.nlm.admin.ControlAccess;
import org.oncrpckit.nlm.admin.DaemonStatus;
import org.oncrpckit.nlm.admin.StateFolder;
import org.oncrpckit.nlm.protocol.Nlm;
import org.oncrpckit.nsm.FileNsmStore;
import org.oncrpckit.nsm.NsmService;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.nsm.protocol.NsmProcedures;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.server.host.AddressWatch;
import org.oncrpckit.rpc.server.host.ListenAddresses;
import org.oncrpckit.rpc.server.host.RpcbindRegistrar;
import org.oncrpckit.rpc.server.host.ServicePort;
import org.oncrpckit.rpc.server.host.StartupException;
import org.oncrpckit.rpc.server.host.Teardown;
import org.oncrpckit.rpc.server.rpcbind.HostRpcbind;
import org.oncrpckit.rpc.transport.RpcPlatform;

/** The parts of a running daemon, wired together. */
final class Daemon {
    private static final Path LINUX_NODE_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(2);

    /** What nobody else may serve on this host. */
    private static final List<RpcbindRegistrar.Program> PROGRAMS =
            List.of(
                    new RpcbindRegistrar.Program(
                            Nlm.PROGRAM,
                            "nlockmgr",
                            "it is the kernel's lockd where an NFSv3 file system is mounted or"
                                    + " exported: unmount it (or mount it nolock), or stop the"
                                    + " other lock manager, or start with --rpcbind none"),
                    new RpcbindRegistrar.Program(
                            NsmProcedures.PROGRAM,
                            "status",
                            "stop rpc.statd (systemctl stop rpc-statd), or start with --rpcbind"
                                    + " none"));

    private final RpcPlatform platform;
    private final NlmdSettings settings;
    private final NsmService monitor;
    private final NlmService locks;
    private final ServicePort nlmPort;
    private final ServicePort nsmPort;
    private final HostRpcbind rpcbind;

    private Daemon(
            RpcPlatform platform,
            NlmdSettings settings,
            NsmService monitor,
            NlmService locks,
            ServicePort nlmPort,
            ServicePort nsmPort,
            HostRpcbind rpcbind) {
        this.platform = platform;
        this.settings = settings;
        this.monitor = monitor;
        this.locks = locks;
        this.nlmPort = nlmPort;
        this.nsmPort = nsmPort;
        this.rpcbind = rpcbind;
    }

    /**
     * Starts everything.
     *
     * @param teardown collects what must be undone, also when this fails
     */
    static Daemon start(RpcPlatform platform, NlmdSettings settings, Teardown teardown)
            throws StartupException, InterruptedException {
        FileNsmStore store = openStore(settings.stateFolder(), teardown);
        RpcClient client = RpcClient.builder(platform).build();
        teardown.add(client);
        RpcbindClient rpcbind = new RpcbindClient(client);
        HostRpcbind hostRpcbind =
                HostRpcbind.find(settings.rpcbind(), client, settings.listen(), PROGRAMS);
        teardown.add(hostRpcbind);
        HostName name = HostName.of(hostName());
        NsmService monitor = openMonitor(platform, client, rpcbind, store, name);
        teardown.add(monitor);
        NlmService locks =
                NlmService.builder(platform, client, rpcbind, StatusMonitor.of(monitor))
                        .grace(settings.grace())
                        .localName(name)
                        .build();
        teardown.add(locks);

        RpcServer nlmServer = server(platform, locks.program(), teardown);
        // Call-backs and notices leave from the port that clients know.
        ServicePort nlmPort =
                portOf(platform, nlmServer, settings)
                        .number(settings.nlmPort())
                        .optionNames("--nlm-port", "--listen")
                        .callBackClient(client)
                        .open();
        teardown.add(nlmPort);
        ServicePort nsmPort =
                portOf(platform, server(platform, monitor.program(), teardown), settings)
                        .number(settings.nsmPort())
                        .optionNames("--nsm-port", "--listen")
                        .open();
        teardown.add(nsmPort);

        Daemon daemon =
                new Daemon(platform, settings, monitor, locks, nlmPort, nsmPort, hostRpcbind);
        teardown.add(hostRpcbind::unregister);
        daemon.register();
        teardown.add(daemon.followAddresses());
        daemon.openControlSocket(
                new ClientProbe(client, rpcbind, locks, platform.timers()),
                new StatusReport(
                        platform.timers(),
                        locks,
                        monitor,
                        NlmLimits.DEFAULT,
                        nlmServer::statistics),
                teardown);
        monitor.notifyFormerHosts();
        return daemon;
    }

    private static ServicePort.Builder portOf(
            RpcPlatform platform, RpcServer server, NlmdSettings settings) {
        return ServicePort.builder(platform, server).addresses(settings.listen());
    }

    /** A server of its own for each program. */
    private static RpcServer server(RpcPlatform platform, RpcProgram program, Teardown teardown) {
        RpcServer server = server(platform, teardown);
        server.addProgram(program);
        return server;
    }

    private static FileNsmStore openStore(Path folder, Teardown teardown) throws StartupException {
        try {
            Files.createDirectories(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            FileNsmStore store = FileNsmStore.open(folder);
            teardown.add(store);
            return store;
        } catch (IOException e) {
            String reason =
                    e instanceof AccessDeniedException denied
                            ? "no permission to write " + denied.getFile()
                            : e.getMessage();
            throw new StartupException(
                    "state folder " + folder + ": " + reason + "; choose another with --state-dir",
                    e);
        }
    }

    private static NsmService openMonitor(
            RpcPlatform platform,
            RpcClient client,
            RpcbindClient rpcbind,
            FileNsmStore store,
            HostName name)
            throws StartupException {
        try {
            return NsmService.builder(platform, client, rpcbind).serverName(name).open(store);
        } catch (IOException e) {
            throw new StartupException(
                    "cannot write a new state number: "
                            + e.getMessage()
                            + "; make room, or choose another folder with --state-dir",
                    e);
        }
    }

    /**
     * How this host calls itself towards its clients: its node name, whether it resolves or not.
     */
    private static String hostName() {
        try {
            return Files.readString(LINUX_NODE_NAME).strip();
        } catch (IOException notLinux) {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException e) {
                return "localhost";
            }
        }
    }

    private static RpcServer server(RpcPlatform platform, Teardown teardown) {
        RpcServer server = RpcServer.builder(platform).build();
        teardown.add(() -> server.stop(DRAIN_LIMIT));
        return server;
    }

    private void register() throws StartupException, InterruptedException {
        rpcbind.register(
                        List.of(
                                new RpcbindRegistrar.Service(locks.program().versions(), nlmPort),
                                new RpcbindRegistrar.Service(
                                        monitor.program().versions(), nsmPort)))
                .ifPresent(
                        reason ->
                                System.err.println(
                                        "nlmd: not registered with rpcbind: "
                                                + reason
                                                + "; NFS clients find the daemon only when it is"
                                                + " registered"));
    }

    private AddressWatch followAddresses() {
        AddressWatch.Builder watch =
                AddressWatch.builder(platform)
                        .interval(settings.addressInterval())
                        .port(nlmPort)
                        .port(nsmPort)
                        .afterwards(rpcbind::refresh);
        rpcbind.port().ifPresent(watch::port);
        return watch.start();
    }

    private void openControlSocket(ClientProbe probe, StatusReport report, Teardown teardown)
            throws StartupException {
        Path socket = StateFolder.controlSocket(settings.stateFolder());
        RpcServer server = server(platform, teardown);
        try {
            teardown.add(server.listen(UnixDomainSocketAddress.of(socket)));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            // The socket is the one file that is certainly ours.
            ControlAccess access = ControlAccess.ofOwner(socket);
            server.addProgram(
                    new AdminProgram(
                                    platform.timers(),
                                    locks,
                                    access,
                                    () -> report.status(where()),
                                    probe)
                            .table());
        } catch (IOException e) {
            throw new StartupException(
                    "control socket "
                            + socket
                            + ": "
                            + e.getMessage()
                            + "; choose another folder with --state-dir",
                    e);
        }
    }

    private DaemonStatus.Service where() {
        return new DaemonStatus.Service(
                nlmPort.addresses().stream().map(ListenAddresses::format).toList(),
                nlmPort.number(),
                nsmPort.number(),
                rpcbindState());
    }

    private String rpcbindState() {
        return rpcbind.state().name().toLowerCase(Locale.ROOT);
    }

    /** The one line on stdout that says that the daemon serves, and where. */
    String readyLine() {
        Duration grace = locks.grace().left();
        return "nlmd ready addresses="
                + ListenAddresses.format(nlmPort.addresses())
                + " nlm="
                + nlmPort.number()
                + " nsm="
                + nsmPort.number()
                + " rpcbind="
                + rpcbindState()
                + " nsm-state="
                + monitor.state()
                + " grace="
                + (grace.isZero() ? "none" : settings.grace().toSeconds() + "s");
    }
}
