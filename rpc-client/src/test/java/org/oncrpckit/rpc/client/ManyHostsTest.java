package org.oncrpckit.rpc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oncrpckit.rpc.client.Echo.ECHO;
import static org.oncrpckit.rpc.client.SimulatedWorld.udp;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.testing.HeldResources;
import org.oncrpckit.rpc.transport.Endpoint;

/** A hundred thousand calls in flight to ten thousand hosts. */
class ManyHostsTest {
    private static final int HOSTS = 10_000;
    private static final int CALLS_EACH = 10;
    private static final int CALLS = HOSTS * CALLS_EACH;
    private static final String ARGUMENT = "x".repeat(200);

    private record Held(Endpoint endpoint, SocketAddress from, int xid) {}

    @Test
    void allCompleteThroughOneSocketWithinAKibibyteEach() {
        SimulatedWorld world = new SimulatedWorld(1);
        List<Held> held = new ArrayList<>(CALLS);
        for (int host = 0; host < HOSTS; host++) {
            world.serveUdp(
                    host,
                    (endpoint, from, call) -> held.add(new Held(endpoint, from, Echo.xidOf(call))));
        }
        List<CompletableFuture<String>> calls = new ArrayList<>(CALLS);
        try (RpcClient client = world.client().build()) {
            Set<Thread> threads = HeldResources.threads();
            long before = HeldResources.heapBytes();
            for (int i = 0; i < CALLS; i++) {
                calls.add(client.call(udp(i % HOSTS), ECHO, ARGUMENT, CallOptions.DEFAULT));
            }
            world.time.advance(Duration.ofMillis(10));
            assertThat(held).hasSize(CALLS);
            long perCall = (HeldResources.heapBytes() - before) / CALLS;
            System.out.println(perCall + " bytes of heap per call in flight");
            assertThat(perCall).isLessThanOrEqualTo(1_024);
            assertThat(HeldResources.threadsSince(threads)).isEmpty();
            held.forEach(each -> each.endpoint.send(each.from, Echo.reply(each.xid, "done")));
            world.time.advance(Duration.ofMillis(10));
            assertThat(calls).allMatch(call -> "done".equals(call.getNow("")));
            assertThat(client.statistics().endpoints()).isEqualTo(1);
            assertThat(client.statistics().retransmissions()).isZero();
        }
    }

    @Test
    void hostsAreForgottenWhenIdleAndLimited() {
        SimulatedWorld world = new SimulatedWorld(1);
        Echo echo = new Echo();
        for (int host = 0; host < 20; host++) {
            world.serveUdp(host, echo);
        }
        ClientLimits limits = ClientLimits.DEFAULT.withHosts(10);
        try (RpcClient client = world.client().limits(limits).build()) {
            for (int host = 0; host < 20; host++) {
                // An idle host gives way to a new one, once a second at most.
                world.await(client.call(udp(host), ECHO, "hello", CallOptions.DEFAULT));
                world.time.advance(Duration.ofSeconds(1));
            }
            assertThat(client.statistics().hosts()).isLessThanOrEqualTo(10);
            world.time.advance(Duration.ofMinutes(12));
            assertThat(client.statistics().hosts()).isZero();
            for (int host = 0; host < 10; host++) {
                var unused = client.call(udp(100 + host), ECHO, "dead", CallOptions.DEFAULT);
            }
            RpcUnreachableException failure =
                    world.awaitFailure(
                            client.call(udp(1), ECHO, "hello", CallOptions.DEFAULT),
                            RpcUnreachableException.class);
            assertThat(failure).hasMessageContaining("10 hosts are in use (limit)");
        }
    }

    @Test
    void callsAreLimitedAltogether() {
        SimulatedWorld world = new SimulatedWorld(1);
        ClientLimits limits = ClientLimits.DEFAULT.withCalls(3);
        try (RpcClient client = world.client().limits(limits).build()) {
            for (int host = 0; host < 3; host++) {
                assertThat(client.call(udp(host), ECHO, "dead", CallOptions.DEFAULT)).isNotDone();
            }
            RpcUnreachableException failure =
                    world.awaitFailure(
                            client.call(udp(9), ECHO, "hello", CallOptions.DEFAULT),
                            RpcUnreachableException.class);
            assertThat(failure).hasMessageContaining("3 calls run (limit)");
        }
    }
}
