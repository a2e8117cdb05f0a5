package org.oncrpckit.rpc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oncrpckit.rpc.client.Echo.ECHO;
import static org.oncrpckit.rpc.client.SimulatedWorld.tcp;
import static org.oncrpckit.rpc.client.SimulatedWorld.udp;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.simulation.LinkQuality;
import org.oncrpckit.rpc.testing.TestSeed;

/** Real threads call, cancel and close while another lets the simulated time pass. */
class ConcurrentCallsTest {
    private static final int THREADS = 4;
    private static final int CALLS = 3_000;
    private static final int HOSTS = 7;

    /** Simulated time flies: nothing here may end because of it. */
    private static final CallOptions PATIENT =
            CallOptions.DEFAULT.withTimeLimit(Duration.ofDays(10_000));

    private static final ConnectionPolicy PATIENT_CONNECTIONS =
            new ConnectionPolicy(
                    Duration.ofDays(10_000),
                    Duration.ofMinutes(2),
                    Duration.ofMillis(100),
                    Duration.ofSeconds(10),
                    32);

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicInteger completions = new AtomicInteger();

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    private Future<?> letTimePass(SimulatedWorld world) {
        return threads.submit(
                () -> {
                    while (!stop.get()) {
                        world.time.advance(Duration.ofMillis(5));
                    }
                });
    }

    private CompletableFuture<String> count(CompletableFuture<String> call) {
        var unused = call.whenComplete((result, failure) -> completions.incrementAndGet());
        return call;
    }

    private RpcTarget anyTarget(Random random) {
        int host = random.nextInt(HOSTS);
        return random.nextInt(3) == 0 ? tcp(host) : udp(host);
    }

    private static SimulatedWorld lossyWorld(long seed) {
        SimulatedWorld world = new SimulatedWorld(seed);
        world.network.setQuality(
                new LinkQuality(0.2, 0.1, Duration.ofMillis(1), Duration.ofMillis(30)));
        Echo echo = new Echo();
        for (int host = 0; host < HOSTS; host++) {
            var simulated = world.network.host(SimulatedWorld.server(host));
            world.listen(simulated, host, echo);
            try {
                simulated.bindDatagram(SimulatedWorld.socket(host)).receiveCalls(echo);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        return world;
    }

    @Test
    void callsAndCancellationsOfManyThreadsAllEndOnceAndLeaveNothing() throws Exception {
        long seed = TestSeed.of(getClass());
        SimulatedWorld world = lossyWorld(seed);
        RpcClient client = world.client().connections(PATIENT_CONNECTIONS).build();
        Future<?> clock = letTimePass(world);
        List<Future<List<CompletableFuture<String>>>> callers = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            int number = thread;
            callers.add(
                    threads.submit(
                            () ->
                                    callAndSometimesCancel(
                                            client, number, new Random(seed + number))));
        }
        int cancelled = 0;
        int ended = 0;
        for (int thread = 0; thread < THREADS; thread++) {
            List<CompletableFuture<String>> calls = callers.get(thread).get();
            for (int i = 0; i < calls.size(); i++) {
                try {
                    assertThat(calls.get(i).get(60, TimeUnit.SECONDS)).isEqualTo(thread + "/" + i);
                } catch (CancellationException e) {
                    cancelled++;
                }
                ended++;
            }
        }
        stop.set(true);
        clock.get();
        assertThat(ended).isEqualTo(THREADS * CALLS);
        assertThat(completions).hasValue(ended);
        RpcClientStatistics statistics = client.statistics();
        assertThat(statistics.succeeded()).isEqualTo(ended - cancelled);
        assertThat(statistics.cancelled()).isEqualTo(cancelled);
        assertThat(statistics.running()).isZero();
        for (int host = 0; host < HOSTS; host++) {
            // Absent when so much simulated time has passed that the idle host was forgotten.
            Optional<HostMeasure> measure = client.measure(SimulatedWorld.socket(host));
            assertThat(measure.map(HostMeasure::inFlight).orElse(0)).isZero();
            assertThat(measure.map(HostMeasure::queued).orElse(0)).isZero();
        }
        client.close();
        world.time.advance(PATIENT.timeLimit());
        assertThat(world.time.pendingTasks()).isZero();
    }

    private List<CompletableFuture<String>> callAndSometimesCancel(
            RpcClient client, int thread, Random random) throws Exception {
        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            calls.add(count(client.call(anyTarget(random), ECHO, thread + "/" + i, PATIENT)));
            if (random.nextInt(5) == 0) {
                calls.get(random.nextInt(calls.size())).cancel(true);
            }
            if (i % 200 == 199) {
                // Stay below the limit of the queues.
                CompletableFuture.allOf(
                                calls.stream()
                                        .map(each -> each.handle((r, e) -> ""))
                                        .toArray(CompletableFuture[]::new))
                        .get(60, TimeUnit.SECONDS);
            }
        }
        return calls;
    }

    @Test
    void closeEndsEveryCallOfEveryThread() throws Exception {
        long seed = TestSeed.of(getClass());
        for (int round = 0; round < 20; round++) {
            closeWhileCalling(seed + round);
        }
    }

    private void closeWhileCalling(long seed) throws Exception {
        stop.set(false);
        completions.set(0);
        SimulatedWorld world = lossyWorld(seed);
        RpcClient client = world.client().connections(PATIENT_CONNECTIONS).build();
        Future<?> clock = letTimePass(world);
        CountDownLatch started = new CountDownLatch(THREADS * 50);
        List<Future<List<CompletableFuture<String>>>> callers = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            Random random = new Random(seed + thread);
            callers.add(
                    threads.submit(
                            () -> {
                                List<CompletableFuture<String>> calls = new ArrayList<>();
                                for (int i = 0; i < 500; i++) {
                                    calls.add(
                                            count(
                                                    client.call(
                                                            anyTarget(random),
                                                            ECHO,
                                                            "hello",
                                                            PATIENT)));
                                    started.countDown();
                                }
                                return calls;
                            }));
        }
        started.await();
        client.close();
        int calls = 0;
        for (Future<List<CompletableFuture<String>>> caller : callers) {
            for (CompletableFuture<String> call : caller.get()) {
                // Another thread may be about to complete it.
                assertThat(endOf(call)).isIn("hello", "RpcClosedException");
                calls++;
            }
        }
        stop.set(true);
        clock.get();
        assertThat(completions).hasValue(calls);
        assertThat(client.statistics().running()).isZero();
        assertThat(client.statistics().connections()).isZero();
        assertThat(client.statistics().endpoints()).isZero();
        world.time.advance(PATIENT.timeLimit());
        assertThat(world.time.pendingTasks()).isZero();
    }

    private static String endOf(CompletableFuture<String> call) throws Exception {
        try {
            return call.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return e.getCause().getClass().getSimpleName();
        }
    }
}
