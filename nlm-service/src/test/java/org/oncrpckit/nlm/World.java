package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.nlm.protocol.Nlm;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nsm.FormerHost;
import org.oncrpckit.nsm.HostMonitor;
import org.oncrpckit.nsm.MemoryNsmStore;
import org.oncrpckit.nsm.MonitoredHost;
import org.oncrpckit.nsm.NsmService;
import org.oncrpckit.nsm.RebootListener;
import org.oncrpckit.nsm.protocol.NsmProcedures;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.simulation.SimulatedHost;
import org.oncrpckit.rpc.simulation.SimulatedNetwork;
import org.oncrpckit.rpc.simulation.TraceEvent;
import org.oncrpckit.rpc.simulation.VirtualTime;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Opaque;

/** A simulated network with our server and any number of clients, in virtual time. */
final class World {
    static final InetAddress SERVER = address("10.0.0.1");
    static final InetAddress SECOND = address("10.0.0.2");
    static final int NLM_PORT = 4045;
    static final int NSM_PORT = 4046;
    static final Opaque FILE = Opaque.ofUtf8("file handle 1");
    static final Opaque OTHER_FILE = Opaque.ofUtf8("file handle 2");
    static final Duration SECOND_1 = Duration.ofSeconds(1);

    /** As long as the longest grace period of a test. */
    private static final Duration COMING_BACK = Duration.ofMinutes(4);

    static final Duration MINUTE = Duration.ofMinutes(1);

    final VirtualTime time = new VirtualTime();
    final SimulatedNetwork network;
    final SimulatedHost host;
    final MemoryNsmStore store = new MemoryNsmStore();
    final List<TraceEvent> sent = new ArrayList<>();

    World() {
        this(Long.getLong("seed", 20080314L));
    }

    World(long seed) {
        network = new SimulatedNetwork(time, seed);
        host = network.host(SERVER, SECOND);
        network.trace(
                event -> {
                    if (event.fate() == TraceEvent.Fate.SENT) {
                        sent.add(event);
                    }
                });
    }

    Daemon start() {
        return start(builder -> builder);
    }

    Daemon start(UnaryOperator<NlmService.Builder> settings) {
        return new Daemon(settings);
    }

    LinuxClient client(int number) {
        return new LinuxClient(this, address("10.0.1." + number), "client" + number);
    }

    /** The result of something that takes at most a minute. */
    <T> T await(CompletableFuture<T> future) {
        assertThat(time.runUntil(future::isDone, MINUTE)).as("answered in a minute").isTrue();
        return future.join();
    }

    boolean within(Duration limit, BooleanSupplier condition) {
        return time.runUntil(condition, limit);
    }

    /** Lets everything happen that takes no time but that of messages on their way. */
    void settle() {
        time.advance(Duration.ofMillis(100));
    }

    static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }

    /** Calls of this procedure that somebody has sent, in their order. */
    List<TraceEvent> calls(int program, int procedure) {
        return sent.stream().filter(event -> isCall(event, program, procedure)).toList();
    }

    /** Calls of GRANTED_MSG that the server has sent. */
    List<TraceEvent> grantedMessages() {
        return calls(Nlm.PROGRAM, NlmVersion.V4.granted().message().number());
    }

    static boolean isCall(TraceEvent event, int program, int procedure) {
        return event.message().remaining() >= 24
                && event.message().getInt(4) == 0
                && event.message().getInt(12) == program
                && event.message().getInt(20) == procedure;
    }

    static boolean isReply(TraceEvent event) {
        return event.message().getInt(4) == 1;
    }

    /** One life of our server. */
    final class Daemon {
        final RpcClient client;
        final RpcServer server;
        final NsmService nsm;
        final NlmService nlm;
        final TestRpcbind rpcbind = new TestRpcbind();

        /** Disk work of the status monitor that waits to be done; null for "at once". */
        final List<Runnable> diskWork = new ArrayList<>();

        boolean diskIsSlow;
        boolean refusesToMonitor;

        private Daemon(UnaryOperator<NlmService.Builder> settings) {
            client = RpcClient.builder(network.platform(host)).build();
            server = RpcServer.builder(network.platform(host)).build();
            try {
                nsm =
                        NsmService.builder(
                                        network.platform(host), client, new RpcbindClient(client))
                                .storeExecutor(this::disk)
                                .comingBack(COMING_BACK)
                                .open(store);
                nlm =
                        settings.apply(
                                        NlmService.builder(
                                                network.platform(host),
                                                client,
                                                new RpcbindClient(client),
                                                monitor()))
                                .build();
                server.addProgram(nsm.program());
                server.addProgram(nlm.program());
                server.addProgram(rpcbind.program());
                for (InetAddress each : List.of(SERVER, SECOND)) {
                    for (int port : new int[] {111, NLM_PORT, NSM_PORT}) {
                        listen(new InetSocketAddress(each, port), port == NLM_PORT);
                    }
                }
                for (Transport each : List.of(Transport.UDP, Transport.TCP)) {
                    nlm.program()
                            .versions()
                            .forEach(version -> rpcbind.set(version, each, NLM_PORT));
                    rpcbind.set(NsmProcedures.V1, each, NSM_PORT);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void listen(InetSocketAddress local, boolean callsToo) throws IOException {
            Endpoint udp = host.bindDatagram(local);
            server.attach(udp);
            if (callsToo) {
                client.attach(udp);
            }
            server.listen(local);
        }

        /** The real one, but for refusing when told to. */
        private StatusMonitor monitor() {
            StatusMonitor real = StatusMonitor.of(nsm);
            return new StatusMonitor() {
                @Override
                public HostMonitor open(RebootListener listener) {
                    HostMonitor monitor = real.open(listener);
                    return new RefusingMonitor(monitor, () -> refusesToMonitor);
                }

                @Override
                public List<FormerHost> formerlyMonitored() {
                    return real.formerlyMonitored();
                }
            };
        }

        private void disk(Runnable task) {
            if (diskIsSlow) {
                diskWork.add(task);
            } else {
                task.run();
            }
        }

        NlmCounts counts() {
            return nlm.counts();
        }

        /** A local lock on the whole of {@link World#FILE}, which must be free. */
        LocalOwner lockLocally(String name) {
            LocalOwner owner = LocalOwner.of(name, 1);
            assertThat(
                            nlm.local()
                                    .tryLock(
                                            owner,
                                            Files.id(FILE),
                                            LockRange.ALL,
                                            LockMode.EXCLUSIVE))
                    .isEqualTo(LocalOutcome.GRANTED);
            return owner;
        }

        void unlockLocally(LocalOwner owner) {
            nlm.local().unlock(owner, Files.id(FILE), LockRange.ALL);
        }

        /** SIGKILL: nothing is closed in order. */
        void kill() {
            host.kill();
            client.close();
            server.close();
            nlm.close();
        }

        void notifyFormerHosts() {
            var unused = nsm.notifyFormerHosts();
        }
    }

    private record RefusingMonitor(HostMonitor monitor, BooleanSupplier refuses)
            implements HostMonitor {
        @Override
        public CompletionStage<Void> monitor(MonitoredHost host) {
            return refuses.getAsBoolean()
                    ? CompletableFuture.failedFuture(new IOException("disk full"))
                    : monitor.monitor(host);
        }

        @Override
        public CompletionStage<Void> unmonitor(InetAddress address) {
            return monitor.unmonitor(address);
        }

        @Override
        public int state() {
            return monitor.state();
        }

        @Override
        public CompletionStage<Void> close() {
            return monitor.close();
        }
    }

    /** Names of files in the lock table. */
    static final class Files {
        private Files() {}

        static FileId id(Opaque handle) {
            return FileId.of(handle.toByteArray());
        }
    }
}
