package org.oncrpckit.rpc.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.oncrpckit.rpc.transport.Messages.address;
import static org.oncrpckit.rpc.transport.Messages.call;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.simulation.TraceEvent.Fate;
import org.oncrpckit.rpc.transport.CloseReason;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Endpoint.SendOutcome;
import org.oncrpckit.rpc.transport.StreamListener;

class SimulatedNetworkTest {
    private static final InetAddress A = address("10.0.0.1");
    private static final InetAddress B = address("10.0.0.2");
    private static final InetSocketAddress PORT_B = new InetSocketAddress(B, 2049);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final VirtualTime time = new VirtualTime();
    private final SimulatedNetwork network = new SimulatedNetwork(time, 1);
    private final SimulatedHost hostA = network.host(A);
    private final SimulatedHost hostB = network.host(B);
    private final List<Integer> arrived = new ArrayList<>();

    @Test
    void datagramsAreLostDuplicatedAndReorderedTheSameWayForTheSameSeed() throws Exception {
        assertThat(fates(7)).isEqualTo(fates(7)).isNotEqualTo(fates(8));
        List<Fate> fates = fates(7).stream().map(TraceLine::fate).toList();
        assertThat(fates.stream().filter(Fate.LOST::equals).count()).isBetween(240L, 360L);
        assertThat(fates.stream().filter(Fate.DUPLICATED::equals).count()).isBetween(40L, 110L);
        List<Integer> order =
                fates(7).stream()
                        .filter(line -> line.fate() == Fate.DELIVERED)
                        .map(TraceLine::xid)
                        .toList();
        assertThat(order).isNotEqualTo(order.stream().sorted().toList());
    }

    private record TraceLine(long nanos, Fate fate, int xid) {}

    private static List<TraceLine> fates(long seed) throws IOException {
        VirtualTime time = new VirtualTime();
        SimulatedNetwork network = new SimulatedNetwork(time, seed);
        network.setQuality(new LinkQuality(0.3, 0.1, Duration.ofMillis(1), Duration.ofMillis(50)));
        List<TraceLine> lines = new ArrayList<>();
        network.trace(
                event ->
                        lines.add(
                                new TraceLine(
                                        event.nanos(), event.fate(), event.message().getInt(0))));
        Endpoint from = network.host(A).bindDatagram(new InetSocketAddress(A, 0));
        network.host(B).bindDatagram(PORT_B);
        for (int i = 0; i < 1000; i++) {
            from.send(PORT_B, call(i, 8));
            time.advance(Duration.ofMillis(1));
        }
        time.advance(Duration.ofSeconds(1));
        return lines;
    }

    @Test
    void cutStopsOneDirectionOnly() throws Exception {
        Endpoint a = hostA.bindDatagram(new InetSocketAddress(A, 1000));
        Endpoint b = hostB.bindDatagram(PORT_B);
        collect(a);
        collect(b);
        network.cut(A, B);

        a.send(PORT_B, call(1, 8));
        b.send(a.localAddress(), call(2, 8));
        time.advance(MINUTE);
        assertThat(arrived).containsExactly(2);

        network.mend(A, B);
        a.send(PORT_B, call(3, 8));
        time.advance(MINUTE);
        assertThat(arrived).containsExactly(2, 3);
    }

    @Test
    void wildcardSocketAnswersFromTheAddressThatRoutingPicks() throws Exception {
        Endpoint server = hostB.bindDatagram(new InetSocketAddress(address("0.0.0.0"), 2049));
        Endpoint client = hostA.bindDatagram(new InetSocketAddress(A, 1000));
        List<Object> from = new ArrayList<>();
        server.receiveCalls((endpoint, source, message) -> endpoint.send(source, message));
        client.receiveCalls((endpoint, source, message) -> from.add(source));

        client.send(PORT_B, call(1, 8));
        time.advance(MINUTE);

        assertThat(from).containsExactly(PORT_B);
    }

    @Test
    void receiverThatKeepsTheBufferIsFoundOut() throws Exception {
        List<ByteBuffer> kept = new ArrayList<>();
        Endpoint server = hostB.bindDatagram(PORT_B);
        server.receiveCalls((endpoint, from, message) -> kept.add(message));
        Endpoint client = hostA.bindDatagram(new InetSocketAddress(A, 0));

        client.send(PORT_B, call(1, 8));
        time.advance(MINUTE);

        assertThat(kept.get(0).getInt(0)).isEqualTo(0xdbdbdbdb);
    }

    @Test
    void connectionKeepsOrderUnderJitterAndCutAndDelaysOnly() throws Exception {
        network.setQuality(new LinkQuality(0.5, 0.5, Duration.ZERO, Duration.ofMillis(100)));
        Endpoint client = connected().get(0);
        for (int i = 0; i < 50; i++) {
            client.send(PORT_B, call(i, 8));
        }
        network.cut(A, B);
        for (int i = 50; i < 100; i++) {
            client.send(PORT_B, call(i, 8));
        }
        time.advance(MINUTE);
        assertThat(arrived.size()).isLessThanOrEqualTo(50);

        network.mend(A, B);
        time.advance(MINUTE);

        assertThat(arrived).hasSize(100).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void peerThatDoesNotReadFillsABoundedQueue() throws Exception {
        List<Endpoint> ends = connected();
        ends.get(1).suspendReading();
        ByteBuffer big = call(5, 1 << 20);

        assertThat(ends.get(0).send(PORT_B, big)).isEqualTo(SendOutcome.SENT);
        assertThat(ends.get(0).send(PORT_B, big)).isEqualTo(SendOutcome.SENT);
        assertThat(ends.get(0).send(PORT_B, big)).isEqualTo(SendOutcome.CONGESTED);
        time.advance(MINUTE);
        assertThat(arrived).isEmpty();
        assertThat(ends.get(0).statistics().notSent()).isOne();

        ends.get(1).resumeReading();
        time.advance(MINUTE);
        assertThat(arrived).containsExactly(5, 5);
        assertThat(ends.get(0).send(PORT_B, big)).isEqualTo(SendOutcome.SENT);
    }

    @Test
    void closeReachesThePeerAfterWhatWasSent() throws Exception {
        List<Endpoint> ends = connected();

        ends.get(0).send(PORT_B, call(1, 8));
        ends.get(0).close();

        assertThat(ends.get(0).send(PORT_B, call(2, 8))).isEqualTo(SendOutcome.CLOSED);
        time.advance(MINUTE);
        assertThat(arrived).containsExactly(1);
        assertThat(reason(ends.get(0))).isEqualTo(CloseReason.LOCAL);
        assertThat(reason(ends.get(1))).isEqualTo(CloseReason.PEER);
        assertThat(time.pendingTasks()).isZero();
    }

    @Test
    void killedProcessResetsItsConnectionsAndItsPortIsFree() throws Exception {
        List<Endpoint> ends = connected();

        hostB.kill();
        time.advance(MINUTE);

        assertThat(reason(ends.get(0))).isEqualTo(CloseReason.PEER);
        assertThatThrownBy(() -> connected(PORT_B)).hasMessageContaining("refused");
        try (StreamListener again = hostB.listen(PORT_B, endpoint -> {})) {
            assertThat(again.localAddress()).isEqualTo(PORT_B);
        }
    }

    @Test
    void crashedHostIsSilentAndItsOldConnectionsAreResetAfterTheRestart() throws Exception {
        Endpoint client = connected().get(0);
        hostB.crash();
        time.advance(MINUTE);
        client.send(PORT_B, call(1, 8));
        time.advance(MINUTE);
        assertThat(client.closed().toCompletableFuture()).isNotDone();
        assertThatThrownBy(() -> connected(PORT_B)).hasMessageContaining("within 5000 ms");
        assertThatThrownBy(() -> hostB.bindDatagram(PORT_B)).hasMessageContaining("crashed");

        hostB.restart();
        time.advance(MINUTE);

        assertThat(reason(client)).isEqualTo(CloseReason.PEER);
    }

    @Test
    void cancelledConnectLeavesNothing() throws Exception {
        List<Endpoint> accepted = new ArrayList<>();
        hostB.listen(PORT_B, accepted::add);
        network.setQuality(LinkQuality.GOOD.withDelay(Duration.ofMillis(10)));
        CompletableFuture<Endpoint> future = hostA.connect(PORT_B, null, MINUTE);

        time.advance(Duration.ofMillis(15));
        assertThat(accepted).hasSize(1);
        future.cancel(true);
        time.advance(MINUTE);

        assertThat(reason(accepted.get(0))).isEqualTo(CloseReason.PEER);
    }

    @Test
    void portsAreTakenAndFreed() throws Exception {
        try (Endpoint first = hostA.bindDatagram(new InetSocketAddress(A, 700))) {
            assertThat(first.localAddress()).isEqualTo(new InetSocketAddress(A, 700));
            assertThatThrownBy(() -> hostA.bindDatagram(new InetSocketAddress(A, 700)))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("10.0.0.1:700");
            assertThatThrownBy(
                            () ->
                                    hostA.bindDatagram(
                                            new InetSocketAddress(address("0.0.0.0"), 700)))
                    .isInstanceOf(BindException.class);
        }
        hostA.bindDatagram(new InetSocketAddress(address("::"), 700)).close();
        assertThatThrownBy(() -> hostA.bindDatagram(PORT_B)).hasMessageContaining("no address of");
    }

    @Test
    void loopbackBelongsToEveryHostItself() throws Exception {
        InetSocketAddress loopback = new InetSocketAddress(address("127.0.0.1"), 111);
        collect(hostA.bindDatagram(loopback));
        Endpoint fromA = hostA.bindDatagram(new InetSocketAddress(address("127.0.0.1"), 0));
        Endpoint fromB = hostB.bindDatagram(new InetSocketAddress(address("127.0.0.1"), 0));

        fromA.send(loopback, call(1, 8));
        fromB.send(loopback, call(2, 8));
        time.advance(MINUTE);

        assertThat(arrived).containsExactly(1);
        assertThat(fromA.send(PORT_B, call(3, 8))).isEqualTo(SendOutcome.REFUSED);
    }

    @Test
    void connectionThatIsCutForAQuarterOfAnHourIsGivenUpByItsSender() throws Exception {
        List<Endpoint> ends = connected();
        network.cut(A, B);
        ends.get(0).send(PORT_B, call(1, 8));
        time.advance(Duration.ofMinutes(14));
        assertThat(ends.get(0).closed().toCompletableFuture()).isNotDone();

        time.advance(Duration.ofMinutes(2));

        assertThat(reason(ends.get(0))).isEqualTo(CloseReason.FAILURE);
        assertThat(ends.get(1).closed().toCompletableFuture()).as("who heard nothing").isNotDone();
        assertThat(arrived).isEmpty();
    }

    @Test
    void closedHostEndsWhatIsUnderWayAndCanBeUsedAgain() throws Exception {
        hostB.listen(PORT_B, endpoint -> {});
        network.cut(A, B);
        CompletableFuture<Endpoint> underWay = hostA.connect(PORT_B, null, MINUTE);
        hostA.close();
        assertThatThrownBy(underWay::get).hasMessageContaining("the network was closed");

        network.mend(A, B);
        assertThat(connected(PORT_B).peer()).contains(PORT_B);
    }

    @Test
    void qualityBelongsToOneDirectionOfOneLink() throws Exception {
        InetAddress c = address("10.0.0.3");
        collect(network.host(c).bindDatagram(new InetSocketAddress(c, 2049)));
        Endpoint a = hostA.bindDatagram(new InetSocketAddress(A, 1000));
        Endpoint b = hostB.bindDatagram(PORT_B);
        collect(a);
        collect(b);
        network.setQuality(A, B, LinkQuality.GOOD.withLoss(1));

        a.send(PORT_B, call(1, 8));
        a.send(new InetSocketAddress(c, 2049), call(2, 8));
        b.send(a.localAddress(), call(3, 8));
        time.advance(MINUTE);

        assertThat(arrived).containsExactlyInAnyOrder(2, 3);
    }

    @Test
    void fateOfEveryMessageIsTraced() throws Exception {
        List<String> fates = new ArrayList<>();
        Endpoint a = hostA.bindDatagram(new InetSocketAddress(A, 1000));
        Endpoint b = hostB.bindDatagram(PORT_B);
        network.trace(event -> fates.add(event.fate() + " " + event.message().getInt(0)));

        a.send(PORT_B, call(1, 8));
        a.send(new InetSocketAddress(B, 9), call(2, 8));
        a.send(new InetSocketAddress(address("fd00::1"), 9), call(3, 8));
        time.advance(MINUTE);
        network.setQuality(LinkQuality.GOOD.withDuplication(1));
        b.send(a.localAddress(), call(4, 8));
        time.advance(MINUTE);
        hostB.crash();
        a.send(PORT_B, call(5, 8));
        time.advance(MINUTE);

        assertThat(fates)
                .containsExactly(
                        "SENT 1",
                        "SENT 2",
                        "REFUSED 3",
                        "DELIVERED 1",
                        "UNBOUND 2",
                        "SENT 4",
                        "DUPLICATED 4",
                        "DELIVERED 4",
                        "DELIVERED 4",
                        "SENT 5",
                        "DUPLICATED 5",
                        "LOST 5",
                        "LOST 5");
    }

    @Test
    void impossibleHostsAndLinksAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> network.host());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network.host(A))
                .withMessage(A + " is taken or a wildcard");
        assertThatIllegalArgumentException().isThrownBy(() -> network.host(address("0.0.0.0")));
        SimulatedHost elsewhere = new SimulatedNetwork(time, 1).host(A);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network.platform(elsewhere))
                .withMessageContaining("is no host of this network");
        LinkQuality good = LinkQuality.GOOD;
        assertThatIllegalArgumentException().isThrownBy(() -> good.withLoss(1.1));
        assertThatIllegalArgumentException().isThrownBy(() -> good.withLoss(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> good.withDuplication(-0.1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> good.withDelay(Duration.ofMillis(2), Duration.ofMillis(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> good.withDelay(Duration.ofNanos(-1)));
    }

    @Test
    void thousandsOfHostsAreCheap() throws Exception {
        Endpoint hub = hostA.bindDatagram(new InetSocketAddress(A, 1000));
        collect(hub);
        for (int i = 0; i < 10_000; i++) {
            InetAddress address = address("10.1." + i / 250 + "." + (i % 250 + 1));
            Endpoint spoke = network.host(address).bindDatagram(new InetSocketAddress(address, 9));
            spoke.receiveCalls((endpoint, from, message) -> endpoint.send(from, message));
            hub.send(spoke.localAddress(), call(i, 8));
        }

        time.advance(MINUTE);

        assertThat(arrived).hasSize(10_000);
    }

    private List<Endpoint> connected() throws Exception {
        List<Endpoint> accepted = new ArrayList<>();
        hostB.listen(
                PORT_B,
                endpoint -> {
                    collect(endpoint);
                    accepted.add(endpoint);
                });
        return List.of(connected(PORT_B), accepted.get(0));
    }

    private Endpoint connected(InetSocketAddress remote) throws Exception {
        CompletableFuture<Endpoint> future = hostA.connect(remote, null, Duration.ofSeconds(5));
        assertThat(time.runUntil(future::isDone, MINUTE)).isTrue();
        return future.get();
    }

    private void collect(Endpoint endpoint) {
        endpoint.receiveCalls((on, from, message) -> arrived.add(message.getInt(0)));
    }

    private static CloseReason reason(Endpoint endpoint) {
        CompletableFuture<CloseReason> closed = endpoint.closed().toCompletableFuture();
        assertThat(closed).isDone();
        return closed.join();
    }
}
