package org.oncrpckit.rpc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oncrpckit.rpc.client.Echo.ECHO;
import static org.oncrpckit.rpc.client.SimulatedWorld.udp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.simulation.LinkQuality;
import org.oncrpckit.rpc.testing.TestSeed;

/** Many hosts over a network that loses, duplicates, delays and reorders. */
class LossyNetworkTest {
    private static final LinkQuality BAD =
            new LinkQuality(0.3, 0.1, Duration.ofMillis(1), Duration.ofMillis(50));

    private static final CallOptions PATIENT =
            CallOptions.DEFAULT.withTimeLimit(Duration.ofMinutes(15));

    @Test
    void everyCallCompletesOnceWithItsOwnResult() {
        SimulatedWorld world = new SimulatedWorld(TestSeed.of(getClass()));
        world.network.setQuality(BAD);
        AtomicInteger completions = new AtomicInteger();
        try (RpcClient client = world.client().build()) {
            List<CompletableFuture<String>> calls = new ArrayList<>();
            for (int host = 0; host < 500; host++) {
                world.serveUdp(host, new Echo());
                for (int i = 0; i < 20; i++) {
                    CompletableFuture<String> call =
                            client.call(udp(host), ECHO, host + "/" + i, PATIENT);
                    calls.add(call.whenComplete((r, e) -> completions.incrementAndGet()));
                }
            }
            CompletableFuture<Void> all =
                    CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new));
            assertThat(world.time.runUntil(all::isDone, Duration.ofMinutes(15))).isTrue();
            for (int i = 0; i < calls.size(); i++) {
                assertThat(calls.get(i)).isCompletedWithValue(i / 20 + "/" + i % 20);
            }
            world.time.advance(Duration.ofMinutes(20));
            assertThat(completions).hasValue(10_000);
            RpcClientStatistics statistics = client.statistics();
            assertThat(statistics.succeeded()).isEqualTo(10_000);
            assertThat(statistics.running()).isZero();
            assertThat(statistics.retransmissions()).isPositive();
            assertThat(statistics.repliesUnmatched()).isPositive();
            assertThat(statistics.endpoints()).isEqualTo(1);
            assertThat(statistics.hosts()).isZero();
        }
        assertThat(world.time.pendingTasks()).isZero();
    }

    @Test
    void copiesOfACallAreTheSameBytes() {
        SimulatedWorld world = new SimulatedWorld(TestSeed.of(getClass()));
        world.network.setQuality(BAD.withLoss(0.4));
        List<String> bodies = new ArrayList<>();
        world.serveUdp(
                1,
                (endpoint, from, message) -> {
                    bodies.add(Echo.xidOf(message) + Echo.argumentOf(message));
                    endpoint.send(from, Echo.reply(message));
                });
        try (RpcClient client = world.client().build()) {
            for (int i = 0; i < 20; i++) {
                world.await(client.call(udp(1), ECHO, "call " + i, PATIENT));
            }
        }
        assertThat(bodies).hasSizeGreaterThan(20);
        assertThat(new HashSet<>(bodies)).hasSize(20);
    }

    @Test
    void theSameSeedMakesTheSameRun() {
        long seed = TestSeed.of(getClass());
        assertThat(run(seed)).isEqualTo(run(seed)).isNotEqualTo(run(seed + 1));
    }

    private static List<String> run(long seed) {
        SimulatedWorld world = new SimulatedWorld(seed);
        world.network.setQuality(BAD);
        List<String> lines = new ArrayList<>();
        world.network.trace(
                event ->
                        lines.add(
                                event.nanos()
                                        + " "
                                        + event.fate()
                                        + " "
                                        + event.to()
                                        + " "
                                        + event.message().getInt(0)));
        try (RpcClient client = world.client().build()) {
            for (int host = 0; host < 20; host++) {
                world.serveUdp(host, new Echo());
                for (int i = 0; i < 20; i++) {
                    var unused = client.call(udp(host), ECHO, "hello", PATIENT);
                }
            }
            world.time.advance(Duration.ofMinutes(15));
        }
        return lines;
    }

    @Test
    void deadHostsDelayNobody() {
        SimulatedWorld world = new SimulatedWorld(TestSeed.of(getClass()));
        world.network.setQuality(LinkQuality.GOOD.withDelay(Duration.ofMillis(1)));
        try (RpcClient client = world.client().build()) {
            List<CompletableFuture<String>> hopeless = new ArrayList<>();
            for (int host = 0; host < 100; host++) {
                for (int i = 0; i < 200; i++) {
                    hopeless.add(client.call(udp(host), ECHO, "anybody?", PATIENT));
                }
            }
            world.serveUdp(1000, new Echo());
            for (int i = 0; i < 100; i++) {
                long before = world.time.nanoTime();
                world.await(client.call(udp(1000), ECHO, "hello", PATIENT));
                assertThat(Duration.ofNanos(world.time.nanoTime() - before))
                        .isEqualTo(Duration.ofMillis(2));
                world.time.advance(Duration.ofMillis(137));
            }
            assertThat(hopeless).noneMatch(CompletableFuture::isDone);
        }
    }

    @Test
    void callsToADeadHostEndInTimeAndTheHostIsUsableAgain() {
        SimulatedWorld world = new SimulatedWorld(TestSeed.of(getClass()));
        Echo echo = new Echo();
        world.serveUdp(1, echo);
        world.network.cut(SimulatedWorld.CLIENT, SimulatedWorld.server(1));
        CallOptions options = CallOptions.DEFAULT.withTimeLimit(Duration.ofSeconds(20));
        try (RpcClient client = world.client().build()) {
            List<CompletableFuture<String>> calls = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                calls.add(client.call(udp(1), ECHO, "hello", options));
            }
            world.time.advance(Duration.ofSeconds(20));
            assertThat(calls).allMatch(CompletableFuture::isCompletedExceptionally);
            assertThat(client.statistics().timedOut()).isEqualTo(100);
            assertThat(client.measure(SimulatedWorld.socket(1)).orElseThrow().window()).isOne();
            world.network.mend(SimulatedWorld.CLIENT, SimulatedWorld.server(1));
            calls.clear();
            for (int i = 0; i < 100; i++) {
                calls.add(client.call(udp(1), ECHO, "hello", options));
            }
            world.time.advance(Duration.ofMillis(100));
            assertThat(calls).allMatch(call -> "hello".equals(call.getNow("")));
            assertThat(echo.xids()).hasSize(100);
        }
    }
}
