package org.oncrpckit.rpc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oncrpckit.rpc.client.Echo.ECHO;
import static org.oncrpckit.rpc.client.SimulatedWorld.socket;
import static org.oncrpckit.rpc.client.SimulatedWorld.udp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.simulation.LinkQuality;
import org.oncrpckit.rpc.simulation.TraceEvent.Fate;

/** When calls are sent and how many at once, read off the wire. */
class RetransmissionTraceTest {
    private static final CallOptions MINUTE =
            CallOptions.DEFAULT.withTimeLimit(Duration.ofMinutes(1));

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final List<Long> sentMillis = new ArrayList<>();
    private long originNanos;

    private void record() {
        originNanos = world.time.nanoTime();
        sentMillis.clear();
        world.network.trace(
                event -> {
                    if (event.fate() == Fate.SENT && event.to().equals(socket(1))) {
                        sentMillis.add((event.nanos() - originNanos) / 1_000_000);
                    }
                });
    }

    private void measureRoundTrip(RpcClient client, Duration oneWay) {
        world.network.setQuality(LinkQuality.GOOD.withDelay(oneWay));
        for (int i = 0; i < 100; i++) {
            world.await(client.call(udp(1), ECHO, "hello", MINUTE));
        }
    }

    @Test
    void unknownHostIsRepeatedAfterOneSecondThenTwiceAsLongEachTime() {
        try (RpcClient client = world.client().build()) {
            record();
            world.awaitFailure(
                    client.call(udp(1), ECHO, "hello", MINUTE), RpcTimeoutException.class);
            assertThat(sentMillis).containsExactly(0L, 1_000L, 3_000L, 7_000L, 15_000L, 31_000L);
        }
    }

    @Test
    void fixedIntervalsIgnoreWhatIsKnown() {
        Retransmission fixed =
                new Retransmission(Duration.ofMillis(300), Duration.ofMillis(600), 5, false);
        world.serveUdp(1, new Echo());
        try (RpcClient client = world.client().build()) {
            measureRoundTrip(client, Duration.ofMillis(200));
            world.network.cut(SimulatedWorld.CLIENT, SimulatedWorld.server(1));
            record();
            world.awaitFailure(
                    client.call(udp(1), ECHO, "hello", MINUTE.withRetransmission(fixed)),
                    RpcTimeoutException.class);
            assertThat(sentMillis).containsExactly(0L, 300L, 900L, 1_500L, 2_100L);
        }
    }

    @Test
    void measuredRoundTripSetsTheFirstInterval() {
        world.serveUdp(1, new Echo());
        try (RpcClient client = world.client().build()) {
            measureRoundTrip(client, Duration.ofMillis(200));
            HostMeasure measure = client.measure(socket(1)).orElseThrow();
            assertThat(measure.smoothedRoundTrip()).isEqualTo(Duration.ofMillis(400));
            assertThat(measure.timeout()).isBetween(Duration.ofMillis(400), Duration.ofMillis(401));
            world.network.cut(SimulatedWorld.CLIENT, SimulatedWorld.server(1));
            record();
            world.awaitFailure(
                    client.call(udp(1), ECHO, "hello", MINUTE), RpcTimeoutException.class);
            assertThat(sentMillis.subList(0, 4)).containsExactly(0L, 400L, 1_200L, 2_800L);
        }
    }

    @Test
    void timeOutIsNeverShorterThanItsMinimum() {
        world.serveUdp(1, new Echo());
        try (RpcClient client = world.client().build()) {
            measureRoundTrip(client, Duration.ofMillis(1));
            world.network.cut(SimulatedWorld.CLIENT, SimulatedWorld.server(1));
            record();
            world.awaitFailure(
                    client.call(udp(1), ECHO, "hello", MINUTE), RpcTimeoutException.class);
            assertThat(sentMillis.subList(0, 3)).containsExactly(0L, 200L, 600L);
        }
    }

    @Test
    void repeatedCallIsNotMeasuredAndItsBackOffStays() {
        world.serveUdp(1, new Echo());
        world.network.setQuality(LinkQuality.GOOD.withDelay(Duration.ofMillis(1_250)));
        try (RpcClient client = world.client().build()) {
            record();
            world.await(client.call(udp(1), ECHO, "hello", MINUTE));
            assertThat(sentMillis).containsExactly(0L, 1_000L);
            assertThat(client.measure(socket(1)).orElseThrow().smoothedRoundTrip()).isZero();
            world.time.advance(Duration.ofMinutes(1));
            record();
            world.await(client.call(udp(1), ECHO, "hello", MINUTE));
            assertThat(sentMillis).containsExactly(0L, 2_000L);
            world.time.advance(Duration.ofMinutes(1));
            record();
            world.await(client.call(udp(1), ECHO, "hello", MINUTE));
            assertThat(sentMillis).containsExactly(0L);
            HostMeasure measure = client.measure(socket(1)).orElseThrow();
            assertThat(measure.smoothedRoundTrip()).isEqualTo(Duration.ofMillis(2_500));
            assertThat(measure.timeout()).isEqualTo(Duration.ofMillis(7_500));
        }
    }

    @Test
    void windowOpensByOneForEachFullWindowThatIsAnswered() {
        world.serveUdp(1, new Echo());
        world.network.setQuality(LinkQuality.GOOD.withDelay(Duration.ofMillis(5)));
        try (RpcClient client = world.client().build()) {
            record();
            for (int i = 0; i < 1_000; i++) {
                var unused = client.call(udp(1), ECHO, "hello", MINUTE);
            }
            assertThat(sentMillis).hasSize(16);
            List<Integer> windows = new ArrayList<>();
            for (int round = 0; round < 20; round++) {
                HostMeasure measure = client.measure(socket(1)).orElseThrow();
                windows.add(measure.window());
                assertThat(measure.inFlight()).isEqualTo(measure.window());
                world.time.advance(Duration.ofMillis(10));
            }
            assertThat(windows).isSorted().startsWith(16).endsWith(32, 32);
            for (int round = 1; round < windows.size(); round++) {
                assertThat(windows.get(round) - windows.get(round - 1)).isLessThanOrEqualTo(1);
            }
        }
    }

    @Test
    void windowHalvesOnceForABurstOfLossesAndRepeatedCallsKeepTheirSlots() {
        try (RpcClient client = world.client().build()) {
            for (int i = 0; i < 100; i++) {
                var unused = client.call(udp(1), ECHO, "hello", MINUTE);
            }
            List<Integer> windows = new ArrayList<>();
            for (int second : new int[] {0, 1, 3, 7, 15, 31}) {
                world.time.advance(Duration.ofSeconds(second).minusNanos(world.time.nanoTime()));
                world.time.advance(Duration.ofMillis(1));
                HostMeasure measure = client.measure(socket(1)).orElseThrow();
                windows.add(measure.window());
                assertThat(measure.inFlight()).isEqualTo(16);
                assertThat(measure.queued()).isEqualTo(84);
            }
            assertThat(windows).containsExactly(16, 8, 4, 2, 1, 1);
        }
    }

    @Test
    void fullQueueRefusesAtOnce() {
        ClientLimits limits = ClientLimits.DEFAULT.withPerHost(2, 3);
        try (RpcClient client = world.client().limits(limits).build()) {
            for (int i = 0; i < 5; i++) {
                assertThat(client.call(udp(1), ECHO, "hello", MINUTE)).isNotDone();
            }
            RpcUnreachableException failure =
                    world.awaitFailure(
                            client.call(udp(1), ECHO, "hello", MINUTE),
                            RpcUnreachableException.class);
            assertThat(failure).hasMessageContaining("host queue full").hasMessageContaining("3");
            assertThat(failure.mayHaveExecuted()).isFalse();
        }
    }
}
