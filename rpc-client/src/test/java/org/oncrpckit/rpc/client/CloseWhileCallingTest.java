package org.oncrpckit.rpc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.oncrpckit.rpc.client.Echo.ECHO;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.rpc.testing.HeldResources;
import org.oncrpckit.rpc.transport.Network;

/** Real sockets, closed under the hands of many threads. */
@EnabledOnOs(OS.LINUX)
class CloseWhileCallingTest {
    private static final int THREADS = 6;
    private static final int CALLS = 2_000;
    private static final int ROUNDS = 5;
    private static final CallOptions OPTIONS =
            CallOptions.DEFAULT.withTimeLimit(Duration.ofMinutes(1));

    @TempDir private Path folder;

    @Test
    void everyFutureEndsAndNoThreadOrSocketIsLeft() throws Exception {
        // What the JDK keeps for itself is opened once.
        callAndClose("warm-up");
        Set<Thread> threads = HeldResources.threads();
        long descriptors = HeldResources.descriptors();
        for (int round = 0; round < ROUNDS; round++) {
            callAndClose("round" + round);
        }
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(HeldResources.threadsSince(threads)).isEmpty());
        assertThat(HeldResources.descriptors()).isLessThanOrEqualTo(descriptors);
    }

    private void callAndClose(String name) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (SocketPlatform servers = SocketPlatform.open();
                SocketPlatform platform = SocketPlatform.open()) {
            RpcClient client = RpcClient.builder(platform.platform()).build();
            List<RpcTarget> targets = serve(servers.platform().network(), folder.resolve(name));
            CountDownLatch underWay = new CountDownLatch(THREADS * CALLS / 10);
            List<Future<List<CompletableFuture<String>>>> callers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                callers.add(
                        threads.submit(
                                () -> {
                                    List<CompletableFuture<String>> calls = new ArrayList<>();
                                    for (int call = 0; call < CALLS; call++) {
                                        RpcTarget target = targets.get(call % targets.size());
                                        calls.add(client.call(target, ECHO, "hello", OPTIONS));
                                        underWay.countDown();
                                    }
                                    return calls;
                                }));
            }
            underWay.await();
            client.close();
            for (Future<List<CompletableFuture<String>>> caller : callers) {
                for (CompletableFuture<String> call : caller.get()) {
                    assertThat(endOf(call))
                            .isIn("hello", "RpcClosedException", "RpcUnreachableException");
                }
            }
            RpcClientStatistics statistics = client.statistics();
            assertThat(statistics.running()).isZero();
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(
                            () -> {
                                assertThat(client.statistics().connections()).isZero();
                                assertThat(client.statistics().endpoints()).isZero();
                            });
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<RpcTarget> serve(Network network, Path path) throws IOException {
        InetSocketAddress any = new InetSocketAddress(SimulatedWorld.address("127.0.0.1"), 0);
        var udp = network.bindDatagram(any);
        udp.receiveCalls(new Echo());
        var tcp = network.listen(any, endpoint -> endpoint.receiveCalls(new Echo()));
        UnixDomainSocketAddress socket = UnixDomainSocketAddress.of(path);
        network.listen(socket, endpoint -> endpoint.receiveCalls(new Echo()));
        return List.of(
                RpcTarget.udp((InetSocketAddress) udp.localAddress()),
                RpcTarget.tcp((InetSocketAddress) tcp.localAddress()),
                RpcTarget.unix(socket));
    }

    private static String endOf(CompletableFuture<String> call) throws Exception {
        try {
            return call.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return e.getCause().getClass().getSimpleName();
        }
    }
}
