package org.oncrpckit.nsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.oncrpckit.nsm.SimulatedHosts.Daemon;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.nsm.protocol.HostStatus;
import org.oncrpckit.nsm.protocol.MonId;
import org.oncrpckit.nsm.protocol.MonRequest;
import org.oncrpckit.nsm.protocol.NsmProcedures;
import org.oncrpckit.nsm.protocol.StatResult;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Opaque;

/** The monitor that the host has already: asked, refusing, silent, moved. */
class StatdHostMonitorTest {
    private static final InetAddress LOOPBACK = Hosts.address("127.0.0.1");
    private static final InetAddress CLIENT = Hosts.client(1);

    /** Two tries, of which each asks rpcbind and then the monitor. */
    private static final Duration REFUSED_WITHIN =
            StatdHostMonitor.ANSWER_LIMIT
                    .multipliedBy(2L * StatdHostMonitor.ATTEMPTS)
                    .plusSeconds(3);

    private final SimulatedHosts world = new SimulatedHosts();
    private final MemoryNsmStore store = new MemoryNsmStore();
    private final Daemon daemon = world.start(store);
    private final Map<Transport, Integer> ports = new HashMap<>();
    private final List<MonRequest> asked = new ArrayList<>();
    private final List<MonId> given = new ArrayList<>();
    private final List<RebootNotice> heard = new ArrayList<>();
    private boolean agrees = true;

    private final StatdHostMonitor statd =
            new StatdHostMonitor(
                    world.network.platform(world.ours),
                    daemon.client,
                    new RpcbindClient(daemon.client),
                    new ProgramVersion(100021, 4),
                    16,
                    daemon.monitor.monitorFor("locks over statd", notice -> {}));

    private final HostMonitor monitor = statd.monitorFor("lock manager", heard::add);
    private final List<RebootNotice> heardByRelay = new ArrayList<>();
    private final HostMonitor relay = statd.monitorFor("relay", heardByRelay::add);

    @BeforeEach
    void startRpcbind() throws Exception {
        RpcServer server = RpcServer.builder(world.network.platform(world.ours)).build();
        server.addProgram(SimulatedHosts.rpcbind(NsmProcedures.PROGRAM, ports));
        server.attach(world.ours.bindDatagram(new InetSocketAddress(LOOPBACK, 111)));
    }

    /** A monitor of the host that listens on UDP at this port. */
    private Endpoint startStatd(int port) throws Exception {
        RpcServer server = RpcServer.builder(world.network.platform(world.ours)).build();
        server.addProgram(
                RpcProgram.builder(NsmProcedures.PROGRAM, "statd")
                        .procedure(
                                NsmProcedures.MON,
                                (call, request) -> {
                                    asked.add(request);
                                    return new StatResult(agrees, 5);
                                })
                        .procedure(
                                NsmProcedures.UNMON,
                                (call, id) -> {
                                    given.add(id);
                                    return 5;
                                })
                        .build());
        Endpoint endpoint = world.ours.bindDatagram(new InetSocketAddress(LOOPBACK, port));
        server.attach(endpoint);
        ports.put(Transport.UDP, port);
        return endpoint;
    }

    @Test
    void hostIsAskedForOnceByItsAddressAndRememberedHereToo() throws Exception {
        startStatd(800);
        monitored();
        monitored();
        assertThat(asked).hasSize(1);
        assertThat(asked.get(0).id().monName()).isEqualTo(HostName.of(CLIENT));
        assertThat(asked.get(0).id().caller().myName()).isEqualTo(Hosts.SERVER_NAME);
        assertThat(store.records(NsmStore.Section.MONITORED)).hasSize(1);
    }

    @Test
    void callBackIsKnownByItsPrivateBytesAndHeardOnceForAState() throws Exception {
        startStatd(800);
        monitored();
        Opaque priv = asked.get(0).priv();
        HostName name = HostName.of("client.example.org");
        statd.stateChanged(new HostStatus(name, 7, Opaque.copyOf(new byte[16])));
        assertThat(heard).isEmpty();
        statd.stateChanged(new HostStatus(name, 7, priv));
        statd.stateChanged(new HostStatus(name, 7, priv));
        assertThat(heard).containsExactly(new RebootNotice(CLIENT, name, 7));
        statd.stateChanged(new HostStatus(name, 9, priv));
        assertThat(heard).hasSize(2);
    }

    @Test
    void bug33_silentMonitorIsARefusalInTimeAndIsAskedAgain() throws Exception {
        assertRefused("no status monitor is registered");
        ports.put(Transport.UDP, 800);
        assertRefused("does not answer");
        startStatd(800);
        monitored();
        assertThat(asked).hasSize(1);
    }

    @Test
    void hostThatIsGivenUpWhileItIsAskedForIsGivenUpAfterwards() throws Exception {
        startStatd(800);
        CompletableFuture<Void> asking =
                monitor.monitor(Hosts.monitored(CLIENT)).toCompletableFuture();
        CompletableFuture<Void> ending = monitor.unmonitor(CLIENT).toCompletableFuture();
        assertThat(world.within(REFUSED_WITHIN, () -> asking.isDone() && ending.isDone())).isTrue();
        assertThat(asked).hasSize(1);
        assertThat(given).hasSize(1);
        assertThat(store.records(NsmStore.Section.MONITORED)).isEmpty();
    }

    @Test
    void hostThatIsAgreedToWhenItIsAskedForTheSecondTimeIsHeardOf() throws Exception {
        ports.put(Transport.UDP, 800);
        CompletableFuture<Void> first =
                monitor.monitor(Hosts.monitored(CLIENT)).toCompletableFuture();
        world.time.advance(StatdHostMonitor.ANSWER_LIMIT.plusSeconds(1));
        CompletableFuture<Void> second =
                monitor.monitor(Hosts.monitored(CLIENT)).toCompletableFuture();
        assertThat(world.within(REFUSED_WITHIN, first::isCompletedExceptionally)).isTrue();
        startStatd(800);
        done(second);
        restarted(CLIENT, 7);
        assertThat(heard).hasSize(1);
    }

    @Test
    void refusalIsSaidAndLeavesNothing() throws Exception {
        startStatd(800);
        agrees = false;
        assertRefused("refuses to monitor 10.99.1.1");
        assertThat(store.records(NsmStore.Section.MONITORED)).isEmpty();
        agrees = true;
        monitored();
    }

    @Test
    void bug10_monitorThatMovedToAnotherPortIsFound() throws Exception {
        Endpoint old = startStatd(800);
        monitored();
        old.close();
        startStatd(801);
        CompletableFuture<Void> done =
                monitor.monitor(Hosts.monitored(Hosts.client(2))).toCompletableFuture();
        assertThat(world.within(REFUSED_WITHIN, done::isDone)).isTrue();
        done.join();
        assertThat(asked).hasSize(2);
    }

    @Test
    void hostThatTwoServicesWantIsAskedForOnceAndGivenUpWithTheLast() throws Exception {
        startStatd(800);
        monitored();
        monitored(relay, CLIENT);
        assertThat(asked).hasSize(1);

        done(relay.unmonitor(CLIENT));
        done(relay.unmonitor(CLIENT));
        assertThat(given).isEmpty();
        assertThat(store.records(NsmStore.Section.MONITORED)).hasSize(1);
        restarted(CLIENT, 7);
        assertThat(heard).hasSize(1);
        assertThat(heardByRelay).isEmpty();

        done(monitor.unmonitor(CLIENT));
        assertThat(given).containsExactly(asked.get(0).id());
        assertThat(store.records(NsmStore.Section.MONITORED)).isEmpty();
    }

    @Test
    void eachServiceHearsOfTheHostsThatItWantsAlsoWhenAnotherOneFails() throws Exception {
        startStatd(800);
        HostMonitor failing =
                statd.monitorFor(
                        "failing",
                        notice -> {
                            throw new IllegalStateException("a fault of the listener");
                        });
        InetAddress both = Hosts.client(2);
        monitored();
        monitored(failing, both);
        monitored(relay, both);
        monitored(monitor, both);

        restarted(CLIENT, 7);
        restarted(both, 7);

        assertThat(heard).extracting(RebootNotice::address).containsExactly(CLIENT, both);
        assertThat(heardByRelay).extracting(RebootNotice::address).containsExactly(both);
    }

    @Test
    void closingOneServiceLeavesTheHostsOfTheOthers() throws Exception {
        startStatd(800);
        InetAddress only = Hosts.client(2);
        monitored();
        monitored(relay, CLIENT);
        monitored(relay, only);

        done(relay.close());
        done(relay.close());

        assertThat(given).extracting(MonId::monName).containsExactly(HostName.of(only));
        assertThat(store.records(NsmStore.Section.MONITORED))
                .extracting(HostRecord::address)
                .containsExactly(CLIENT);
        restarted(CLIENT, 7);
        assertThat(heard).hasSize(1);
        assertThat(heardByRelay).isEmpty();
    }

    @Test
    void hostThatIsWantedAgainWhileItIsGivenUpIsMonitoredAtTheEnd() throws Exception {
        startStatd(800);
        monitored();
        CompletableFuture<Void> gone = monitor.unmonitor(CLIENT).toCompletableFuture();
        assertThat(gone).isNotDone();
        CompletableFuture<Void> again =
                relay.monitor(Hosts.monitored(CLIENT)).toCompletableFuture();
        done(again);
        assertThat(gone).isCompleted();
        assertThat(given).hasSize(1);
        assertThat(asked).hasSize(2);
        assertThat(store.records(NsmStore.Section.MONITORED)).hasSize(1);
        restarted(CLIENT, 7);
        assertThat(heardByRelay).hasSize(1);
    }

    private void monitored() {
        monitored(monitor, CLIENT);
    }

    private void monitored(HostMonitor service, InetAddress host) {
        done(service.monitor(Hosts.monitored(host)));
    }

    private void done(CompletionStage<Void> stage) {
        CompletableFuture<Void> done = stage.toCompletableFuture();
        assertThat(world.within(REFUSED_WITHIN, done::isDone)).isTrue();
        done.join();
    }

    /** The monitor calls back as it was last asked to for this host. */
    private void restarted(InetAddress host, int state) {
        HostName name = HostName.of(host);
        asked.stream()
                .filter(request -> request.id().monName().equals(name))
                .reduce((earlier, later) -> later)
                .ifPresent(
                        request -> statd.stateChanged(new HostStatus(name, state, request.priv())));
    }

    private void assertRefused(String why) {
        CompletableFuture<Void> done =
                monitor.monitor(Hosts.monitored(CLIENT)).toCompletableFuture();
        assertThat(world.within(REFUSED_WITHIN, done::isDone)).as("in time").isTrue();
        assertThatThrownBy(done::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(MonitorException.class)
                .hasMessageContaining(why);
    }
}
