package org.oncrpckit.nlm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.nlm.client.LockListener;
import org.oncrpckit.nlm.client.NlmClient;
import org.oncrpckit.nlm.client.NlmLock;
import org.oncrpckit.nlm.client.NlmServer;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nlm.relay.Relay;
import org.oncrpckit.nlm.relay.RelayLimits;
import org.oncrpckit.nsm.FormerHost;
import org.oncrpckit.nsm.HostMonitor;
import org.oncrpckit.nsm.MemoryNsmStore;
import org.oncrpckit.nsm.MonitoredHost;
import org.oncrpckit.nsm.NsmService;
import org.oncrpckit.nsm.RebootListener;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.nsm.protocol.NsmProcedures;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.server.host.RpcbindMode;
import org.oncrpckit.rpc.simulation.SimulatedHost;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.RpcPlatform;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Opaque;

/** A simulated host with a daemon that relays, and any number of lock clients. */
final class RelayHost {
    static final Path SOCKET = Path.of("/run/nlmd.sock");
    static final HostName NAME = HostName.of("relayhost");

    final World world;
    final InetAddress address;
    final SimulatedHost host;

    /** One for all processes: each gets random numbers of its own from it. */
    private final RpcPlatform platform;

    final MemoryNsmStore store = new MemoryNsmStore();
    final TestRpcbind rpcbind = new TestRpcbind();
    final List<NlmLock> reclaimed = new ArrayList<>();
    final List<NlmLock> regained = new ArrayList<>();
    private final List<Runnable> teardown = new ArrayList<>();
    RelayLimits limits = RelayLimits.DEFAULT;

    /** How long it takes until the end of a monitoring is looked at. */
    Duration unmonitorDelay = Duration.ZERO;

    Relay relay;
    NlmService locks;

    /** A host whose daemon runs. */
    RelayHost(World world, int number) {
        this.world = world;
        this.address = World.address("10.0.4." + number);
        this.host = world.network.host(address);
        this.platform = world.network.platform(host);
        for (Transport each : List.of(Transport.UDP, Transport.TCP)) {
            NlmVersion.all()
                    .forEach(
                            version -> rpcbind.set(version.programVersion(), each, World.NLM_PORT));
            rpcbind.set(NsmProcedures.V1, each, World.NSM_PORT);
        }
    }

    RelayHost start() {
        RpcClient client = RpcClient.builder(platform).build();
        RpcbindClient finder = new RpcbindClient(client);
        try {
            NsmService nsm =
                    NsmService.builder(platform, client, finder)
                            .storeExecutor(Runnable::run)
                            .serverName(NAME)
                            .open(store);
            relay = new Relay(client, slow(StatusMonitor.of(nsm)), NAME, limits);
            locks =
                    NlmService.builder(platform, client, finder, StatusMonitor.of(nsm))
                            .clientRole(relay)
                            .localName(NAME)
                            .build();
            RpcServer control = RpcServer.builder(platform).callBackClient(client).build();
            control.addProgram(relay.program());
            control.listen(UnixDomainSocketAddress.of(SOCKET));
            RpcServer server =
                    RpcServer.builder(platform)
                            .program(locks.program())
                            .program(nsm.program())
                            .program(rpcbind.program())
                            .build();
            for (int port : new int[] {111, World.NLM_PORT, World.NSM_PORT}) {
                Endpoint udp = host.bindDatagram(new InetSocketAddress(address, port));
                teardown.add(udp::close);
                server.attach(udp);
                if (port == World.NLM_PORT) {
                    client.attach(udp);
                }
                server.listen(new InetSocketAddress(address, port));
            }
            teardown.add(control::close);
            teardown.add(server::close);
            teardown.add(locks::close);
            teardown.add(client::close);
            var unused = nsm.notifyFormerHosts();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    private StatusMonitor slow(StatusMonitor real) {
        return new StatusMonitor() {
            @Override
            public HostMonitor open(RebootListener listener) {
                return slow(real.open(listener));
            }

            @Override
            public List<FormerHost> formerlyMonitored() {
                return real.formerlyMonitored();
            }
        };
    }

    private HostMonitor slow(HostMonitor real) {
        return new HostMonitor() {
            @Override
            public CompletionStage<Void> monitor(MonitoredHost watched) {
                return real.monitor(watched);
            }

            @Override
            public CompletionStage<Void> unmonitor(InetAddress watched) {
                CompletableFuture<Void> done = new CompletableFuture<>();
                world.time.schedule(
                        unmonitorDelay,
                        () -> real.unmonitor(watched).thenRun(() -> done.complete(null)));
                return done;
            }

            @Override
            public int state() {
                return real.state();
            }

            @Override
            public CompletionStage<Void> close() {
                return real.close();
            }
        };
    }

    /** Only a port mapper, no daemon. */
    void serveRpcbind() {
        listen(RpcServer.builder(platform).program(rpcbind.program()).build());
    }

    private void listen(RpcServer server) {
        InetSocketAddress local = new InetSocketAddress(address, LinuxClient.RPC_PORT);
        try {
            server.attach(host.bindDatagram(local));
            server.listen(local);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The daemon ends and another one begins; the host, and its processes, go on. */
    void restartDaemon() {
        List.copyOf(teardown).forEach(Runnable::run);
        teardown.clear();
        start();
    }

    /** A process of this host; it finds the daemon if one runs. */
    NlmClient process() {
        return builder().build();
    }

    NlmClient.Builder builder() {
        return NlmClient.builder(platform)
                .callerName(HostName.of("unused"))
                .rpcbind(RpcbindMode.NONE)
                .relay(SOCKET)
                .listener(
                        new LockListener() {
                            @Override
                            public void reclaimed(NlmLock lock) {
                                reclaimed.add(lock);
                            }

                            @Override
                            public void regained(NlmLock lock) {
                                regained.add(lock);
                            }
                        });
    }

    /** An exclusive lock of a new owner on the whole of {@link World#FILE}. */
    NlmLock whole(NlmClient process) {
        return whole(process, World.FILE);
    }

    NlmLock whole(NlmClient process, Opaque file) {
        return new NlmLock(
                NlmServer.tcp(World.SERVER),
                file,
                process.newOwner(),
                LockRange.ALL,
                LockMode.EXCLUSIVE);
    }
}
