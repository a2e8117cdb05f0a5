package org.oncrpckit.nsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.oncrpckit.nsm.SimulatedHosts.Daemon;
import org.oncrpckit.nsm.SimulatedHosts.Peer;
import org.oncrpckit.nsm.protocol.CallBack;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.nsm.protocol.HostStatus;
import org.oncrpckit.nsm.protocol.MonId;
import org.oncrpckit.nsm.protocol.MonRequest;
import org.oncrpckit.nsm.protocol.MyId;
import org.oncrpckit.nsm.protocol.NsmProcedures;
import org.oncrpckit.nsm.protocol.StatResult;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcRejectedException;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.Opaque;

/** Program 100024 as services outside the process and strangers see it. */
class MonitorProgramTest {
    private static final InetAddress LOOPBACK = Hosts.address("127.0.0.1");
    private static final Opaque PRIV =
            Opaque.copyOf(HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f"));
    private static final CallBack CALL_BACK = new CallBack(100021, 4, 16, PRIV);
    private static final MyId LOCKD = new MyId(HostName.of("server"), 100021, 4, 16);
    private static final int LOCKD_PORT = 4045;

    private final SimulatedHosts world = new SimulatedHosts();
    private final AtomicInteger crashes = new AtomicInteger();
    private final Map<String, List<InetAddress>> names = new HashMap<>();
    private final Daemon daemon =
            world.start(
                    new MemoryNsmStore(),
                    builder ->
                            builder.allowCallBack(100021, 16)
                                    .resolver(this::resolve)
                                    .simulatedCrash(crashes::incrementAndGet));
    private final Peer a = world.peer(Hosts.client(1), Transport.UDP);
    private final RpcClient local = RpcClient.builder(world.network.platform(world.ours)).build();
    private final List<HostStatus> told = new ArrayList<>();
    private final List<SocketAddress> toldFrom = new ArrayList<>();

    /** A lock daemon of its own process on our host. */
    @BeforeEach
    void startLockDaemon() throws Exception {
        RpcServer lockd =
                RpcServer.builder(world.network.platform(world.ours))
                        .program(SimulatedHosts.rpcbind(100021, Map.of(Transport.UDP, LOCKD_PORT)))
                        .program(
                                RpcProgram.builder(100021, "lockd")
                                        .procedure(
                                                NsmProcedures.callBack(CALL_BACK),
                                                (call, status) -> {
                                                    told.add(status);
                                                    toldFrom.add(call.peer());
                                                    return Nothing.NOTHING;
                                                })
                                        .build())
                        .build();
        lockd.attach(world.ours.bindDatagram(new InetSocketAddress(LOOPBACK, 111)));
        lockd.attach(world.ours.bindDatagram(new InetSocketAddress(LOOPBACK, LOCKD_PORT)));
    }

    private CompletionStage<List<InetAddress>> resolve(HostName name) {
        if (name.equals(HostName.of("fails"))) {
            return CompletableFuture.failedFuture(new IllegalStateException("no name service"));
        }
        return name.address().isPresent()
                ? NameResolver.LITERALS.resolve(name)
                : CompletableFuture.completedFuture(names.getOrDefault(name.toString(), List.of()));
    }

    @Test
    void serviceOutsideIsCalledBackWithItsOwnSixteenBytes() {
        assertThat(mon("10.99.1.1", LOCKD)).isEqualTo(new StatResult(true, 1));
        a.tells("client", 5);
        world.within(Duration.ofSeconds(1), () -> !told.isEmpty());
        assertThat(told).containsExactly(new HostStatus(HostName.of("10.99.1.1"), 5, PRIV));
        assertThat(toldFrom)
                .as("Linux believes loopback and ports below 1024 only")
                .containsExactly(new InetSocketAddress(LOOPBACK, SimulatedHosts.PORT));
        assertThat(daemon.rebooted).as("a service inside has no interest").isEmpty();
        a.tells("client.example.org", 5);
        world.time.advance(Duration.ofSeconds(1));
        assertThat(told).hasSize(1);
    }

    @Test
    void callBackIsRepeatedWhileTheServiceDoesNotAnswer() {
        mon("10.99.1.1", LOCKD);
        world.network.cut(LOOPBACK, LOOPBACK);
        CompletableFuture<Nothing> said = a.says("client", 5, Transport.UDP);
        world.time.advance(Duration.ofSeconds(20));
        assertThat(said).isCompleted();
        assertThat(told).isEmpty();
        world.network.mend(LOOPBACK, LOOPBACK);
        assertThat(world.within(Duration.ofSeconds(30), () -> told.size() == 1)).isTrue();
    }

    @Test
    void callBackIsGivenUpAfterAWhileAndTheNextRestartIsToldAgain() {
        mon("10.99.1.1", LOCKD);
        world.network.cut(LOOPBACK, LOOPBACK);
        a.tells("client", 5);
        world.time.advance(Duration.ofMinutes(5));
        world.network.mend(LOOPBACK, LOOPBACK);
        world.time.advance(Duration.ofMinutes(1));
        assertThat(told).isEmpty();
        a.tells("client", 7);
        world.time.advance(Duration.ofSeconds(1));
        assertThat(told).extracting(HostStatus::state).containsExactly(7);
    }

    @Test
    void serviceThatHasNotHeardOfARestartHearsOfTheNextOneOnly() {
        mon("10.99.1.1", LOCKD);
        world.network.cut(LOOPBACK, LOOPBACK);
        a.tells("client", 5);
        world.time.advance(Duration.ofSeconds(10));
        a.tells("client", 7);
        world.network.mend(LOOPBACK, LOOPBACK);
        world.time.advance(Duration.ofMinutes(1));
        assertThat(told).extracting(HostStatus::state).containsExactly(7);
    }

    @Test
    void serviceThatAsksAgainIsCalledBackOnceWithItsNewSixteenBytes() {
        mon("10.99.1.1", LOCKD);
        Opaque now = Opaque.copyOf(new byte[CallBack.PRIV_LENGTH]);
        MonRequest again = new MonRequest(new MonId(HostName.of("10.99.1.1"), LOCKD), now);
        assertThat(ask(LOOPBACK, NsmProcedures.MON, again).agreed()).isTrue();
        a.tells("client", 5);
        world.time.advance(Duration.ofSeconds(1));
        assertThat(told).containsExactly(new HostStatus(HostName.of("10.99.1.1"), 5, now));
    }

    @Test
    void hostIsMonitoredAtTheAddressesOfItsNameAndEndedByThatName() {
        names.put("client", List.of(a.address, Hosts.client(2)));
        assertThat(mon("client", LOCKD).agreed()).isTrue();
        assertThat(daemon.monitor.monitoredHosts()).isEqualTo(2);
        a.tells("whatever it calls itself", 5);
        world.time.advance(Duration.ofSeconds(1));
        assertThat(told).containsExactly(new HostStatus(HostName.of("client"), 5, PRIV));
        names.clear(); // The name is not asked for again.
        ask(LOOPBACK, NsmProcedures.UNMON, new MonId(HostName.of("client"), LOCKD));
        assertThat(daemon.monitor.monitoredHosts()).isZero();
    }

    @Test
    void nameOfTooManyAddressesStandsForSomeAndOneThatFailsForNone() {
        List<InetAddress> many = new ArrayList<>();
        for (int i = 0; i < 2 * MonitorProgram.ADDRESSES_MAX; i++) {
            many.add(Hosts.client(i));
        }
        names.put("many", many);
        assertThat(mon("many", LOCKD).agreed()).isTrue();
        assertThat(daemon.monitor.monitoredHosts()).isEqualTo(MonitorProgram.ADDRESSES_MAX);
        assertThat(mon("fails", LOCKD)).isEqualTo(new StatResult(false, -1));
    }

    @Test
    void addressOfNobodyOrEverybodyIsNotMonitored() {
        for (String each : List.of("0.0.0.0", "::", "224.0.0.1", "ff02::1")) {
            assertThat(mon(each, LOCKD).agreed()).as(each).isFalse();
            assertThat(stat(each).agreed()).as("SM_STAT of %s", each).isFalse();
        }
        assertThat(daemon.monitor.monitoredHosts()).isZero();
    }

    @Test
    void mappedAddressIsTheHostThatSpeaksOverIpv4() {
        mon("::ffff:10.99.1.1", LOCKD);
        a.tells("client", 5);
        assertThat(world.within(Duration.ofSeconds(1), () -> told.size() == 1)).isTrue();
    }

    @Test
    void onlyConfiguredProceduresAreCalledBack() {
        MyId other = new MyId(HostName.of("server"), 100005, 3, 16);
        assertThat(mon("10.99.1.1", other).agreed()).isFalse();
        MyId otherProcedure = new MyId(HostName.of("server"), 100021, 4, 2);
        assertThat(mon("10.99.1.1", otherProcedure).agreed()).isFalse();
        assertThat(daemon.monitor.monitoredHosts()).isZero();
    }

    @Test
    void nameThatCannotBeResolvedIsNotMonitored() {
        assertThat(mon("no-such-host", LOCKD).agreed()).isFalse();
        assertThat(stat("no-such-host").agreed()).isFalse();
        assertThat(stat("10.99.1.1")).isEqualTo(new StatResult(true, 1));
    }

    @Test
    void unmonEndsOneHostAndUnmonAllEveryHostOfTheService() {
        for (int i = 1; i <= 3; i++) {
            mon("10.99.1." + i, LOCKD);
        }
        assertThat(daemon.monitor.monitoredHosts()).isEqualTo(3);
        MonId first = new MonId(HostName.of("10.99.1.1"), LOCKD);
        assertThat(ask(LOOPBACK, NsmProcedures.UNMON, first)).isEqualTo(1);
        assertThat(daemon.monitor.monitoredHosts()).isEqualTo(2);
        MyId underAnotherName = new MyId(HostName.of("NFS NLM"), 100021, 4, 16);
        assertThat(ask(LOOPBACK, NsmProcedures.UNMON_ALL, underAnotherName)).isEqualTo(1);
        assertThat(daemon.monitor.monitoredHosts()).isZero();
        a.tells("client", 5);
        world.time.advance(Duration.ofSeconds(1));
        assertThat(told).isEmpty();
    }

    @Test
    void strangersCannotMonitorNorEndMonitoring() {
        mon("10.99.1.1", LOCKD);
        MonRequest request = new MonRequest(new MonId(HostName.of("10.99.1.2"), LOCKD), PRIV);
        assertRefused(a, NsmProcedures.MON, request);
        assertRefused(a, NsmProcedures.UNMON, request.id());
        assertRefused(a, NsmProcedures.UNMON_ALL, LOCKD);
        assertRefused(a, NsmProcedures.SIMU_CRASH, Nothing.NOTHING);
        assertThat(daemon.monitor.monitoredHosts()).isEqualTo(1);
        assertThat(crashes).hasValue(0);
    }

    @Test
    void crashIsSimulatedForAPrivilegedCallerOnThisHostOnly() {
        assertThatThrownBy(() -> ask(LOOPBACK, NsmProcedures.SIMU_CRASH, Nothing.NOTHING))
                .hasCauseInstanceOf(RpcRejectedException.class);
        assertThat(crashes).hasValue(0);
        // The monitor's own sockets are bound to a port below 1024.
        RpcTarget target =
                RpcTarget.udp(new InetSocketAddress(LOOPBACK, SimulatedHosts.PORT)).from(LOOPBACK);
        answer(
                daemon.client.call(
                        target, NsmProcedures.SIMU_CRASH, Nothing.NOTHING, CallOptions.DEFAULT));
        assertThat(crashes).hasValue(1);
    }

    private StatResult mon(String name, MyId service) {
        MonRequest request = new MonRequest(new MonId(HostName.of(name), service), PRIV);
        return ask(LOOPBACK, NsmProcedures.MON, request);
    }

    private StatResult stat(String name) {
        return ask(LOOPBACK, NsmProcedures.STAT, HostName.of(name));
    }

    private <A, R> R ask(InetAddress from, Procedure<A, R> procedure, A arguments) {
        InetSocketAddress monitor = new InetSocketAddress(LOOPBACK, SimulatedHosts.PORT);
        return answer(
                local.call(
                        RpcTarget.tcp(monitor).from(from),
                        procedure,
                        arguments,
                        CallOptions.DEFAULT));
    }

    private <T> T answer(CompletableFuture<T> reply) {
        assertThat(world.within(Duration.ofSeconds(30), reply::isDone)).isTrue();
        return reply.join();
    }

    private <A> void assertRefused(Peer stranger, Procedure<A, ?> procedure, A arguments) {
        InetSocketAddress monitor = new InetSocketAddress(Hosts.SERVER, SimulatedHosts.PORT);
        CompletableFuture<?> reply =
                stranger.client.call(
                        RpcTarget.udp(monitor), procedure, arguments, CallOptions.DEFAULT);
        assertThatThrownBy(() -> answer(reply))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(RpcRejectedException.class);
    }
}
