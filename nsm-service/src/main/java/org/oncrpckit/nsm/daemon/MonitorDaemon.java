package org.oncrpckit.nsm.daemon;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.oncrpckit.nsm.NodeName;
import org.oncrpckit.nsm.NotifyProgress;
import org.oncrpckit.nsm.NsmService;
import org.oncrpckit.nsm.protocol.NsmProcedures;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.server.host.AddressWatch;
import org.oncrpckit.rpc.server.host.ListenAddresses;
import org.oncrpckit.rpc.server.host.RpcbindRegistrar;
import org.oncrpckit.rpc.server.host.ServicePort;
import org.oncrpckit.rpc.server.host.StartupException;
import org.oncrpckit.rpc.server.host.Teardown;
import org.oncrpckit.rpc.server.rpcbind.HostRpcbind;
import org.oncrpckit.rpc.transport.RpcPlatform;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of a running {@code nsmd}, wired together. */
final class MonitorDaemon {
    /** From one line about hosts that do not know of the restart yet to the next. */
    private static final Duration PROGRESS_INTERVAL = Duration.ofMinutes(1);

    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(2);

    private static final RpcbindRegistrar.Program STATUS =
            new RpcbindRegistrar.Program(
                    NsmProcedures.PROGRAM,
                    "status",
                    "stop rpc.statd (systemctl stop rpc-statd) or the other monitor, or start with"
                            + " --rpcbind none");

    private static final Logger LOG = LoggerFactory.getLogger(MonitorDaemon.class);

    private final RpcPlatform platform;
    private final NsmService monitor;
    private final ServicePort port;
    private final HostRpcbind.State rpcbindState;
    private final CompletableFuture<Void> crashed;

    private MonitorDaemon(
            RpcPlatform platform,
            NsmService monitor,
            ServicePort port,
            HostRpcbind.State rpcbindState,
            CompletableFuture<Void> crashed) {
        this.platform = platform;
        this.monitor = monitor;
        this.port = port;
        this.rpcbindState = rpcbindState;
        this.crashed = crashed;
    }

    /**
     * Starts everything.
     *
     * @param teardown collects what must be undone, also when this fails
     */
    static MonitorDaemon start(RpcPlatform platform, NsmdSettings settings, Teardown teardown)
            throws StartupException, InterruptedException {
        RpcClient client = RpcClient.builder(platform).build();
        teardown.add(client);
        HostRpcbind rpcbind =
                HostRpcbind.find(settings.rpcbind(), client, settings.listen(), List.of(STATUS));
        teardown.add(rpcbind);
        SystemResolver resolver = new SystemResolver();
        teardown.add(resolver);
        CompletableFuture<Void> crashed = new CompletableFuture<>();
        NsmService.Builder builder =
                NsmService.builder(platform, client, new RpcbindClient(client))
                        .serverName(NodeName.get())
                        .resolver(resolver)
                        .simulatedCrash(() -> crashed.completeAsync(() -> null));
        settings.callBacks().forEach(it -> builder.allowCallBack(it.program(), it.procedure()));
        NsmService monitor = StateFolder.open(settings.stateFolder(), builder, teardown);
        RpcServer server = RpcServer.builder(platform).build();
        teardown.add(() -> server.stop(DRAIN_LIMIT));
        server.addProgram(monitor.program());
        ServicePort port =
                ServicePort.builder(platform, server)
                        .addresses(settings.listen())
                        .number(settings.port())
                        .optionNames("--port", "--listen")
                        .callBackClient(client)
                        .open();
        teardown.add(port);
        teardown.add(rpcbind::unregister);
        register(rpcbind, monitor, port);
        AddressWatch.Builder watch =
                AddressWatch.builder(platform)
                        .interval(settings.addressInterval())
                        .port(port)
                        .afterwards(rpcbind::refresh);
        rpcbind.port().ifPresent(watch::port);
        teardown.add(watch.start());
        MonitorDaemon daemon = new MonitorDaemon(platform, monitor, port, rpcbind.state(), crashed);
        monitor.notifyFormerHosts();
        daemon.logProgressLater();
        return daemon;
    }

    private static void register(HostRpcbind rpcbind, NsmService monitor, ServicePort port)
            throws StartupException, InterruptedException {
        List<RpcbindRegistrar.Service> services =
                List.of(new RpcbindRegistrar.Service(monitor.program().versions(), port));
        rpcbind.register(services)
                .ifPresent(
                        reason ->
                                System.err.println(
                                        "nsmd: not registered with rpcbind: "
                                                + reason
                                                + "; other hosts find the monitor only when it is"
                                                + " registered"));
    }

    private void logProgressLater() {
        if (monitor.notifyProgress().ended()) {
            return;
        }
        platform.timers()
                .schedule(
                        PROGRESS_INTERVAL,
                        () -> {
                            NotifyProgress now = monitor.notifyProgress();
                            if (!now.ended()) {
                                LOG.info(
                                        "{} hosts do not know of the restart yet, {} know, {} did"
                                                + " not answer",
                                        now.pending(),
                                        now.notified(),
                                        now.givenUp());
                            }
                            logProgressLater();
                        });
    }

    /** Completes when somebody on this host wants a crash simulated, away from I/O threads. */
    CompletableFuture<Void> crashed() {
        return crashed;
    }

    int portNumber() {
        return port.number();
    }

    /** The one line on stdout that says that the daemon serves, and where. */
    String readyLine() {
        return "nsmd ready addresses="
                + ListenAddresses.format(port.addresses())
                + " nsm="
                + port.number()
                + " rpcbind="
                + rpcbindState.name().toLowerCase(Locale.ROOT)
                + " nsm-state="
                + monitor.state()
                + " notifying="
                + monitor.notifyProgress().pending();
    }
}
