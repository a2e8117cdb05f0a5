package org.oncrpckit.rpc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oncrpckit.rpc.client.Echo.ECHO;
import static org.oncrpckit.rpc.client.SimulatedWorld.socket;
import static org.oncrpckit.rpc.client.SimulatedWorld.tcp;
import static org.oncrpckit.rpc.client.SimulatedWorld.udp;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.metrics.MetricSink;
import org.oncrpckit.rpc.transport.Endpoint;

/** What a client tells of its work: to a listener, in its counts, to a metrics system. */
class ClientListenerTest {
    private static final CallOptions OPTIONS =
            CallOptions.DEFAULT.withTimeLimit(Duration.ofSeconds(2));

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final List<String> events = new ArrayList<>();

    private final RpcClientListener writer =
            new RpcClientListener() {
                @Override
                public void sent(CallTrace call) {
                    events.add("sent " + call.transmissions());
                }

                @Override
                public void replied(CallTrace call, Duration sinceSent) {
                    events.add("replied after " + sinceSent.toMillis() + " ms");
                }

                @Override
                public void failed(RpcException failure) {
                    events.add(failure.getClass().getSimpleName());
                }

                @Override
                public void cancelled(CallTrace call) {
                    events.add("cancelled");
                }

                @Override
                public void replyDropped(Endpoint endpoint, SocketAddress from, DroppedReply why) {
                    events.add("dropped " + why);
                }

                @Override
                public void measured(SocketAddress host, HostMeasure measure) {
                    assertThat(host).isEqualTo(socket(1));
                    events.add("measured, window " + measure.window());
                }
            };

    @Test
    void callThatIsRepeatedAnsweredAndAnsweredOnceMoreIsTold() {
        List<Integer> calls = new ArrayList<>();
        world.serveUdp(
                1,
                (endpoint, from, call) -> {
                    calls.add(Echo.xidOf(call));
                    if (calls.size() == 2) {
                        endpoint.send(from, Echo.reply(call));
                        endpoint.send(from, Echo.reply(call));
                    }
                });
        try (RpcClient client = world.client().listener(writer).build()) {
            world.await(client.call(udp(1), ECHO, "hello", OPTIONS));
            world.time.advance(Duration.ofSeconds(1));
        }
        assertThat(events)
                .containsExactly(
                        "sent 1",
                        "measured, window 8",
                        "sent 2",
                        "replied after 0 ms",
                        "measured, window 8",
                        "dropped UNMATCHED");
    }

    @Test
    void callsThatBringNothingAreTold() {
        world.network.host(SimulatedWorld.server(1));
        RpcClient client = world.client().listener(writer).build();
        var cancelled = client.call(udp(2), ECHO, "hello", OPTIONS);
        assertThat(cancelled.cancel(true)).isTrue();
        world.awaitFailure(
                client.call(tcp(1), ECHO, "hello", OPTIONS), RpcUnreachableException.class);
        var closed = client.call(udp(3), ECHO, "hello", OPTIONS);
        client.close();
        world.awaitFailure(closed, RpcClosedException.class);
        assertThat(events)
                .containsExactly(
                        "sent 1",
                        "cancelled",
                        "RpcUnreachableException",
                        "sent 1",
                        "RpcClosedException");
    }

    @Test
    void listenerThatThrowsChangesNothing() {
        world.serveUdp(1, new Echo());
        world.serveTcp(2, new Echo());
        RpcClientListener throwing =
                (RpcClientListener)
                        Proxy.newProxyInstance(
                                getClass().getClassLoader(),
                                new Class<?>[] {RpcClientListener.class},
                                (proxy, method, arguments) -> {
                                    events.add(method.getName());
                                    throw new IllegalStateException("expected in the log");
                                });
        try (RpcClient client = world.client().listener(throwing).build()) {
            assertThat(world.await(client.call(udp(1), ECHO, "a", OPTIONS))).isEqualTo("a");
            assertThat(world.await(client.call(tcp(2), ECHO, "b", OPTIONS))).isEqualTo("b");
            world.awaitFailure(
                    client.call(udp(3), ECHO, "hello", OPTIONS), RpcTimeoutException.class);
            assertThat(client.statistics().succeeded()).isEqualTo(2);
            assertThat(client.statistics().running()).isZero();
        }
        assertThat(events).contains("sent", "replied", "measured", "connected", "failed");
    }

    /** Each count under a name of its own, and each with its own value. */
    @Test
    void everyCountIsPublished() throws Exception {
        Map<String, LongSupplier> metrics = new HashMap<>();
        MetricSink sink =
                new MetricSink() {
                    @Override
                    public void counter(
                            String name, Map<String, String> labels, LongSupplier count) {
                        assertThat(metrics.put(name + labels, count)).as(name).isNull();
                    }

                    @Override
                    public void gauge(String name, Map<String, String> labels, LongSupplier value) {
                        assertThat(metrics.put(name + labels, value)).as(name).isNull();
                    }
                };
        Method[] counts =
                Arrays.stream(RpcClientStatistics.class.getRecordComponents())
                        .map(component -> component.getAccessor())
                        .toArray(Method[]::new);
        Object[] values = new Object[counts.length];
        Class<?>[] types = new Class<?>[counts.length];
        for (int i = 0; i < counts.length; i++) {
            types[i] = counts[i].getReturnType();
            values[i] = types[i] == int.class ? (Object) (100 + i) : (Object) (100L + i);
        }
        RpcClientStatistics statistics =
                RpcClientStatistics.class.getDeclaredConstructor(types).newInstance(values);

        ClientMetrics.publish(() -> statistics, sink);

        assertThat(metrics.values().stream().map(LongSupplier::getAsLong))
                .hasSize(counts.length)
                .doesNotHaveDuplicates();
        assertThat(metrics.keySet()).allMatch(name -> name.startsWith("rpc.client."));
    }
}
