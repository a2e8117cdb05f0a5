package org.oncrpckit.nlm.daemon;

import java.net.Inet4Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.oncrpckit.nlm.NlmService;
import org.oncrpckit.nlm.StatusMonitor;
import org.oncrpckit.nlm.admin.ClientProbe;
import org.oncrpckit.nlm.admin.DaemonStatus;
import org.oncrpckit.nlm.protocol.Nlm;
import org.oncrpckit.nlm.relay.Relay;
import org.oncrpckit.nlm.relay.RelayLimits;
import org.oncrpckit.nsm.NodeName;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.nsm.protocol.NsmProcedures;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.server.host.AddressWatch;
import org.oncrpckit.rpc.server.host.ListenAddresses;
import org.oncrpckit.rpc.server.host.RpcbindMode;
import org.oncrpckit.rpc.server.host.RpcbindRegistrar;
import org.oncrpckit.rpc.server.host.ServicePort;
import org.oncrpckit.rpc.server.host.StartupException;
import org.oncrpckit.rpc.server.host.Teardown;
import org.oncrpckit.rpc.server.rpcbind.HostRpcbind;
import org.oncrpckit.rpc.transport.RpcPlatform;

/** The parts of a running daemon, wired together. */
final class Daemon {
    static final Duration DRAIN_LIMIT = Duration.ofSeconds(2);

    /** How often it is looked whether lock clients have gone: for five seconds in all. */
    private static final int LOOKS_MAX = 20;

    private static final Duration LOOK_PAUSE = Duration.ofMillis(250);

    private static final RpcbindRegistrar.Program LOCK_MANAGER =
            new RpcbindRegistrar.Program(
                    Nlm.PROGRAM,
                    "nlockmgr",
                    "it is the kernel's lockd where an NFSv3 file system is mounted or"
                            + " exported: unmount it (or mount it nolock), or stop the"
                            + " other lock manager, or start with --rpcbind none");

    private static final RpcbindRegistrar.Program STATUS_MONITOR =
            new RpcbindRegistrar.Program(
                    NsmProcedures.PROGRAM,
                    "status",
                    "use it with --statd external, or stop it (systemctl stop rpc-statd), or start"
                            + " with --rpcbind none");

    private final RpcPlatform platform;
    private final NlmdSettings settings;
    private final Monitoring monitoring;
    private final NlmService locks;
    private final ServicePort nlmPort;
    private final Optional<ServicePort> nsmPort;
    private final HostRpcbind rpcbind;

    private Daemon(
            RpcPlatform platform,
            NlmdSettings settings,
            Monitoring monitoring,
            NlmService locks,
            ServicePort nlmPort,
            Optional<ServicePort> nsmPort,
            HostRpcbind rpcbind) {
        this.platform = platform;
        this.settings = settings;
        this.monitoring = monitoring;
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
        RpcClient client = RpcClient.builder(platform).build();
        teardown.add(client);
        RpcbindClient rpcbind = new RpcbindClient(client);
        HostName name = NodeName.get();
        Monitoring monitoring =
                Monitoring.open(platform, client, rpcbind, settings, name, teardown);
        StatusMonitor statusMonitor = monitoring.statusMonitor();
        Relay relay = new Relay(client, statusMonitor, name, RelayLimits.DEFAULT);
        teardown.add(relay);
        ControlSocket control =
                ControlSocket.open(platform, client, settings.stateFolder(), relay, teardown);
        if (settings.rpcbind() != RpcbindMode.NONE) {
            letLockClientsGo(client);
        }
        HostRpcbind hostRpcbind =
                HostRpcbind.find(
                        settings.rpcbind(), client, settings.listen(), programs(monitoring));
        teardown.add(hostRpcbind);
        NlmService locks =
                NlmService.builder(platform, client, rpcbind, statusMonitor)
                        .clientRole(relay)
                        .grace(settings.grace())
                        .callbackTransport(settings.callback())
                        .grantedByCall(settings.grantedByCall())
                        .aliases(settings.aliases())
                        .limits(settings.limits())
                        .reclaims(settings.reclaim().open(settings.stateFolder(), teardown))
                        .localName(name)
                        .statusCallBack(monitoring.statusCallBack())
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
        Optional<ServicePort> nsmPort = openMonitorPort(platform, settings, monitoring, teardown);
        if (nsmPort.isEmpty()) {
            refuseWithoutLoopback(nlmPort);
        }

        Daemon daemon =
                new Daemon(platform, settings, monitoring, locks, nlmPort, nsmPort, hostRpcbind);
        teardown.add(hostRpcbind::unregister);
        daemon.register();
        teardown.add(daemon.followAddresses());
        StatusReport report =
                new StatusReport(
                        platform.timers(),
                        locks,
                        monitoring.own(),
                        settings.limits(),
                        nlmServer::statistics);
        control.serve(
                locks,
                () -> report.status(daemon.where()),
                new ClientProbe(client, rpcbind, locks, platform.timers()));
        teardown.add(control::stop);
        monitoring.begin();
        return daemon;
    }

    /**
     * A program of this host that locks at other hosts registers itself while there is no daemon.
     * It has the control socket in view, and lets its registration go when it is answered there.
     */
    private static void letLockClientsGo(RpcClient client) throws InterruptedException {
        RpcbindRegistrar registrar = new RpcbindRegistrar(client);
        for (int look = 0; look < LOOKS_MAX; look++) {
            try {
                registrar.refuseIfServed(List.of(LOCK_MANAGER));
                return;
            } catch (StartupException e) {
                Thread.sleep(LOOK_PAUSE.toMillis()); // Served; whether by such a program, we see.
            }
        }
    }

    /** None when the host's own status monitor is used. */
    private static Optional<ServicePort> openMonitorPort(
            RpcPlatform platform, NlmdSettings settings, Monitoring monitoring, Teardown teardown)
            throws StartupException {
        if (monitoring.program().isEmpty()) {
            return Optional.empty();
        }
        ServicePort port =
                portOf(platform, server(platform, monitoring.program().get(), teardown), settings)
                        .number(settings.nsmPort())
                        .optionNames("--nsm-port", "--listen")
                        .open();
        teardown.add(port);
        return Optional.of(port);
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

    private static List<RpcbindRegistrar.Program> programs(Monitoring monitoring) {
        return monitoring.program().isPresent()
                ? List.of(LOCK_MANAGER, STATUS_MONITOR)
                : List.of(LOCK_MANAGER);
    }

    private static void refuseWithoutLoopback(ServicePort nlmPort) throws StartupException {
        if (nlmPort.addresses().stream()
                .noneMatch(each -> each instanceof Inet4Address && each.isLoopbackAddress())) {
            throw new StartupException(
                    "--statd external: rpc.statd calls back at 127.0.0.1; add it to --listen, or"
                            + " use --statd builtin");
        }
    }

    private static RpcServer server(RpcPlatform platform, Teardown teardown) {
        RpcServer server = RpcServer.builder(platform).build();
        teardown.add(() -> server.stop(DRAIN_LIMIT));
        return server;
    }

    private List<RpcbindRegistrar.Service> services() {
        List<RpcbindRegistrar.Service> services = new ArrayList<>();
        services.add(new RpcbindRegistrar.Service(locks.program().versions(), nlmPort));
        nsmPort.ifPresent(
                port ->
                        services.add(
                                new RpcbindRegistrar.Service(
                                        monitoring.own().program().versions(), port)));
        return services;
    }

    private void register() throws StartupException, InterruptedException {
        rpcbind.register(services())
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
                        .afterwards(rpcbind::refresh);
        nsmPort.ifPresent(watch::port);
        rpcbind.port().ifPresent(watch::port);
        return watch.start();
    }

    private DaemonStatus.Service where() {
        return new DaemonStatus.Service(
                nlmPort.addresses().stream().map(ListenAddresses::format).toList(),
                nlmPort.number(),
                nsmPort.map(ServicePort::number).orElse(0),
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
                + nsmPort.map(port -> Integer.toString(port.number())).orElse("external")
                + " rpcbind="
                + rpcbindState()
                + " nsm-state="
                + monitoring.own().state()
                + " grace="
                + (grace.isZero() ? "none" : settings.grace().toSeconds() + "s");
    }
}
