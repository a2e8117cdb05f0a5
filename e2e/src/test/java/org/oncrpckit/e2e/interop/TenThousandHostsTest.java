package org.oncrpckit.e2e.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.ClientLimits;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.xdr.Nothing;

/**
 * One UDP socket, 10,000 remote addresses, 100,000 calls that are all in flight at one moment: a
 * program that answers none before it has seen them all proves it.
 */
class TenThousandHostsTest {
    private static final int HOSTS = 10_000;
    private static final int CALLS_EACH = 10;
    private static final int CALLS = HOSTS * CALLS_EACH;
    private static final int BYTES_PER_CALL_MAX = 1024;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final CallOptions OPTIONS = CallOptions.DEFAULT.withTimeLimit(PATIENCE);

    @Test
    void hundredThousandCallsAreInFlightThroughOneSocket(@TempDir Path folder) throws Exception {
        NativeProgram program = NativeProgram.compile(folder, "holding_responder");
        try (NativeProgram.Running responder = program.start(Integer.toString(CALLS));
                SocketPlatform sockets = SocketPlatform.open();
                RpcClient client =
                        RpcClient.builder(sockets.platform())
                                .limits(ClientLimits.DEFAULT)
                                .build()) {
            int port = NativeProgram.number(responder.line(), "port");
            List<RpcTarget> hosts = hosts(port);
            // One call ahead, so that threads and code that any client needs are there already. It
            // is answered with the others.
            AtomicInteger completed = new AtomicInteger();
            List<CompletableFuture<Nothing>> calls = new ArrayList<>(CALLS);
            calls.add(call(client, hosts.get(0), completed));
            long before = usedHeap();
            int threads = Thread.activeCount();

            // A host's calls follow each other: later its window could have been halved, because
            // nothing is answered yet.
            for (int call = 1; call < CALLS; call++) {
                calls.add(call(client, hosts.get(call / CALLS_EACH), completed));
            }
            assertThat(responder.line()).isEqualTo("all arrived");

            long bytesPerCall = (usedHeap() - before) / CALLS;
            System.out.println(
                    "%,d calls in flight to %,d hosts: %d bytes of heap each"
                            .formatted(CALLS, HOSTS, bytesPerCall));
            assertThat(client.statistics().running()).isEqualTo(CALLS);
            assertThat(client.statistics().endpoints()).isEqualTo(1);
            assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads);
            assertThat(bytesPerCall).isBetween(1L, (long) BYTES_PER_CALL_MAX);
            assertThat(completed).hasValue(0);

            responder.type("answer");
            for (CompletableFuture<Nothing> call : calls) {
                call.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            await().until(() -> completed.get() == CALLS);
            assertThat(client.statistics().running()).isZero();
        }
    }

    private static CompletableFuture<Nothing> call(
            RpcClient client, RpcTarget host, AtomicInteger completed) {
        return client.call(host, EchoProtocol.NULL, Nothing.NOTHING, OPTIONS)
                .whenComplete((result, failure) -> completed.incrementAndGet());
    }

    /** Addresses from 127.1.0.1 on; one source for all, so that all share one socket. */
    private static List<RpcTarget> hosts(int port) throws UnknownHostException {
        InetAddress source = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        List<RpcTarget> hosts = new ArrayList<>();
        for (int host = 0; host < HOSTS; host++) {
            byte[] address = {127, 1, (byte) (host / 200), (byte) (host % 200 + 1)};
            hosts.add(
                    RpcTarget.udp(new InetSocketAddress(InetAddress.getByAddress(address), port))
                            .from(source));
        }
        return hosts;
    }

    /** Bytes in use once garbage has been collected. */
    private static long usedHeap() {
        long used = Long.MAX_VALUE;
        for (int round = 0; round < 3; round++) {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
        }
        return used;
    }
}
