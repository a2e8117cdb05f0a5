package org.oncrpckit.nlm.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.nlm.protocol.Nlm;
import org.oncrpckit.nlm.protocol.WireLock;
import org.oncrpckit.nsm.HostMonitor;
import org.oncrpckit.nsm.MonitoredHost;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.server.host.AddressWatch;
import org.oncrpckit.rpc.server.host.ListenAddresses;
import org.oncrpckit.rpc.server.host.RpcbindMode;
import org.oncrpckit.rpc.server.host.RpcbindRegistrar;
import org.oncrpckit.rpc.server.host.ServicePort;
import org.oncrpckit.rpc.server.host.StartupException;
import org.oncrpckit.rpc.server.host.Teardown;
import org.oncrpckit.rpc.transport.RpcPlatform;
import org.oncrpckit.xdr.Opaque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lock client that is its host's program 100021 itself: servers find it through rpcbind where it
 * may register, and not at all where it may not; then it asks them again and again instead.
 */
final class OwnCallBacks implements CallBackPath {
    private static final Logger LOG = LoggerFactory.getLogger(OwnCallBacks.class);

    private static final RpcbindRegistrar.Program OTHERS =
            new RpcbindRegistrar.Program(
                    Nlm.PROGRAM,
                    "nlockmgr",
                    "grants for this process are not brought, and it asks the servers instead; with"
                            + " nlmd on this host, give its socket to the client");

    /** Stands for every address that the host has, and will have. */
    private static final ListenAddresses EVERYWHERE = ListenAddresses.of(List.of(anyAddress()));

    private final RpcPlatform platform;
    private final HostName callerName;
    private final @Nullable HostMonitor monitor;
    private final RpcServer server;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    private volatile @Nullable ServicePort port;

    /** What was opened on the thread of the registration; undone there too, the last first. */
    private volatile @Nullable Teardown registered;

    OwnCallBacks(RpcPlatform platform, HostName callerName, @Nullable HostMonitor monitor) {
        this.platform = platform;
        this.callerName = callerName;
        this.monitor = monitor;
        this.server = RpcServer.builder(platform).build();
    }

    private static InetAddress anyAddress() {
        try {
            return InetAddress.getByAddress(new byte[16]);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Serves the program; without rpcbind at once, otherwise on a thread that ends when rpcbind has
     * answered.
     */
    void open(RpcProgram program, RpcClient client, int number, RpcbindMode rpcbind) {
        if (rpcbind == RpcbindMode.NONE) {
            serve(program, client, number);
            ready.complete(null);
            return;
        }
        Teardown teardown = new Teardown();
        registered = teardown;
        onThread(
                () -> {
                    try {
                        register(program, client, number, teardown);
                    } finally {
                        ready.complete(null);
                    }
                });
    }

    private static void onThread(Runnable task) {
        Thread thread = new Thread(task, "nlm-client-registration");
        thread.setDaemon(true);
        thread.start();
    }

    private void register(RpcProgram program, RpcClient client, int number, Teardown teardown) {
        RpcbindRegistrar registration = new RpcbindRegistrar(client);
        try {
            boolean answers = registration.refuseIfServed(List.of(OTHERS));
            ServicePort open = serve(program, client, number);
            if (open == null) {
                return;
            }
            AddressWatch.Builder watch = AddressWatch.builder(platform).port(open);
            if (answers) {
                teardown.add(registration);
                registration
                        .register(List.of(new RpcbindRegistrar.Service(program.versions(), open)))
                        .ifPresent(why -> LOG.info("not registered: {}", why.reason()));
                watch.afterwards(registration::refresh);
            }
            teardown.add(watch.start());
        } catch (StartupException e) {
            LOG.info("not registered: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable ServicePort serve(RpcProgram program, RpcClient client, int number) {
        try {
            server.addProgram(program);
            ServicePort open =
                    ServicePort.builder(platform, server)
                            .addresses(EVERYWHERE)
                            .number(number)
                            .callBackClient(client)
                            .open();
            port = open;
            return open;
        } catch (StartupException | IllegalStateException e) {
            LOG.info("call-backs cannot be served: {}", e.getMessage());
            return null;
        }
    }

    /** The port that is served; empty while it is not. */
    Optional<Integer> port() {
        return Optional.ofNullable(port).map(ServicePort::number);
    }

    @Override
    public CompletionStage<Void> ready() {
        return ready;
    }

    @Override
    public CompletionStage<Expectation> expectGrant(
            InetAddress from, WireLock description, boolean exclusive) {
        return CompletableFuture.completedFuture(Expectation.NONE);
    }

    @Override
    public CompletionStage<Expectation> expectResult(InetAddress from, Opaque cookie) {
        return CompletableFuture.completedFuture(Expectation.NONE);
    }

    @Override
    public CompletionStage<Void> monitor(InetAddress host) {
        HostMonitor watch = monitor;
        if (watch == null) {
            return CompletableFuture.failedFuture(
                    new IOException(
                            "no status monitor was given, so the owner of the client must call"
                                    + " serverRebooted"));
        }
        try {
            InetAddress local = platform.network().sourceFor(host);
            return watch.monitor(new MonitoredHost(host, HostName.of(host), local, callerName));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Whoever closes may be an I/O thread, which must not wait for rpcbind. */
    @Override
    public CompletionStage<Void> close() {
        Teardown teardown = registered;
        if (teardown == null) {
            closeAll();
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> closed = new CompletableFuture<>();
        onThread(
                () -> {
                    try {
                        ready.join();
                        teardown.close();
                        closeAll();
                    } finally {
                        closed.complete(null);
                    }
                });
        return closed;
    }

    private void closeAll() {
        ServicePort open = port;
        if (open != null) {
            open.close();
        }
        server.close();
        if (monitor != null) {
            var unused = monitor.close();
        }
    }
}
