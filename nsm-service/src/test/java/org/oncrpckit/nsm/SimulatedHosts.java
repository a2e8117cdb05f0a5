package org.oncrpckit.nsm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.nsm.protocol.NsmProcedures;
import org.oncrpckit.nsm.protocol.StateChange;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.simulation.SimulatedHost;
import org.oncrpckit.rpc.simulation.SimulatedNetwork;
import org.oncrpckit.rpc.simulation.VirtualTime;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.XdrCodecs;
import org.oncrpckit.xdr.XdrRecords;

/** Our host with its monitor, and others with theirs, in virtual time. */
final class SimulatedHosts {
    static final long SEED = Long.getLong("seed", 20081122L);
    static final int PORT = 662;
    static final InetAddress SECOND = Hosts.address("10.99.0.2");

    final VirtualTime time = new VirtualTime();
    final SimulatedNetwork network = new SimulatedNetwork(time, SEED);
    final SimulatedHost ours = network.host(Hosts.SERVER, SECOND);

    /** What a host heard in an SM_NOTIFY. */
    record Heard(String name, int state, InetSocketAddress from, Transport over, Instant when) {}

    private record Mapping(int program, int version, int protocol, int port) {}

    private static final Procedure<Mapping, Integer> GETPORT =
            new Procedure<>(
                    new ProgramVersion(100000, 2),
                    3,
                    "GETPORT",
                    XdrRecords.of(
                            XdrCodecs.INT,
                            Mapping::program,
                            XdrCodecs.INT,
                            Mapping::version,
                            XdrCodecs.INT,
                            Mapping::protocol,
                            XdrCodecs.INT,
                            Mapping::port,
                            Mapping::new),
                    XdrCodecs.INT);

    /** An rpcbind that knows one program. */
    static RpcProgram rpcbind(int program, Map<Transport, Integer> ports) {
        return RpcProgram.builder(100000, "rpcbind")
                .idempotent(
                        GETPORT,
                        (call, asked) ->
                                asked.program() != program
                                        ? 0
                                        : ports.getOrDefault(
                                                asked.protocol() == 17
                                                        ? Transport.UDP
                                                        : Transport.TCP,
                                                0))
                .build();
    }

    boolean within(Duration limit, BooleanSupplier condition) {
        return time.runUntil(condition, limit);
    }

    /** Another host, whose monitor listens on these transports. */
    Peer peer(InetAddress address, Transport... transports) {
        return new Peer(address, Set.of(transports));
    }

    /** Hosts with these numbers, over UDP and TCP. */
    List<Peer> peers(int from, int to) {
        List<Peer> all = new ArrayList<>();
        for (int i = from; i < to; i++) {
            all.add(peer(Hosts.client(i), Transport.UDP, Transport.TCP));
        }
        return all;
    }

    Daemon start(NsmStore store) {
        return start(store, builder -> builder);
    }

    Daemon start(NsmStore store, UnaryOperator<NsmService.Builder> settings) {
        return new Daemon(store, settings);
    }

    /** A host with a monitor that writes down what it hears. */
    final class Peer {
        final InetAddress address;
        final SimulatedHost host;
        final List<Heard> heard = new ArrayList<>();
        final RpcClient client;

        private Peer(InetAddress address, Set<Transport> transports) {
            this.address = address;
            host = network.host(address);
            client = RpcClient.builder(network.platform(host)).build();
            Map<Transport, Integer> ports = new HashMap<>();
            transports.forEach(each -> ports.put(each, PORT));
            RpcServer server =
                    RpcServer.builder(network.platform(host))
                            .program(rpcbind(NsmProcedures.PROGRAM, ports))
                            .program(
                                    RpcProgram.builder(NsmProcedures.PROGRAM, "statd")
                                            .procedure(
                                                    NsmProcedures.NOTIFY,
                                                    (call, change) -> {
                                                        heard.add(
                                                                new Heard(
                                                                        change.monName().toString(),
                                                                        change.state(),
                                                                        (InetSocketAddress)
                                                                                call.peer(),
                                                                        call.endpoint().transport(),
                                                                        time.now()));
                                                        return Nothing.NOTHING;
                                                    })
                                            .build())
                            .build();
            try {
                server.attach(host.bindDatagram(new InetSocketAddress(address, 111)));
                server.listen(new InetSocketAddress(address, 111));
                if (transports.contains(Transport.UDP)) {
                    server.attach(host.bindDatagram(new InetSocketAddress(address, PORT)));
                }
                if (transports.contains(Transport.TCP)) {
                    server.listen(new InetSocketAddress(address, PORT));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        List<String> names() {
            return heard.stream().map(Heard::name).toList();
        }

        /** Its sm-notify. */
        CompletableFuture<Nothing> says(String name, int state, Transport over) {
            InetSocketAddress to = new InetSocketAddress(Hosts.SERVER, PORT);
            return client.call(
                    new RpcTarget(over, to, address),
                    NsmProcedures.NOTIFY,
                    new StateChange(HostName.of(name), state),
                    CallOptions.DEFAULT);
        }

        /** As {@link #says}, until it is answered. */
        void tells(String name, int state) {
            CompletableFuture<Nothing> reply = says(name, state, Transport.UDP);
            within(Duration.ofSeconds(30), reply::isDone);
            reply.join();
        }
    }

    /** One life of our monitor and of the process that it is in. */
    final class Daemon {
        final RpcClient client;
        final RpcServer server;
        final NsmService monitor;
        final List<RebootNotice> rebooted = new ArrayList<>();
        final HostMonitor hosts;

        private Daemon(NsmStore store, UnaryOperator<NsmService.Builder> settings) {
            client = RpcClient.builder(network.platform(ours)).build();
            try {
                monitor =
                        settings.apply(
                                        NsmService.builder(
                                                        network.platform(ours),
                                                        client,
                                                        new RpcbindClient(client))
                                                .serverName(Hosts.SERVER_NAME)
                                                .storeExecutor(Runnable::run))
                                .open(store);
                server = RpcServer.builder(network.platform(ours)).build();
                server.addProgram(monitor.program());
                for (InetAddress each : List.of(Hosts.SERVER, SECOND, Hosts.address("127.0.0.1"))) {
                    Endpoint udp = ours.bindDatagram(new InetSocketAddress(each, PORT));
                    client.attach(udp);
                    server.attach(udp);
                    server.listen(new InetSocketAddress(each, PORT));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            hosts = monitor.monitorFor("locks", rebooted::add);
        }

        void monitors(InetAddress address) {
            monitors(address, Hosts.SERVER);
        }

        void monitors(InetAddress address, InetAddress local) {
            CompletionStage<Void> done =
                    hosts.monitor(
                            new MonitoredHost(
                                    address, HostName.of("client"), local, Hosts.SERVER_NAME));
            done.toCompletableFuture().join();
        }

        /** SIGKILL: nothing is closed in order, and the sockets are gone. */
        void kill() {
            ours.kill();
            client.close();
            server.close();
        }
    }
}
