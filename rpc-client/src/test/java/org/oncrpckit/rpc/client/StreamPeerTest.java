package org.oncrpckit.rpc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.oncrpckit.rpc.client.Echo.ECHO;
import static org.oncrpckit.rpc.client.SimulatedWorld.CLIENT;
import static org.oncrpckit.rpc.client.SimulatedWorld.MINUTE;
import static org.oncrpckit.rpc.client.SimulatedWorld.tcp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.simulation.SimulatedHost;
import org.oncrpckit.rpc.transport.CloseReason;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.IoThread;

/** Connections: shared, broken, refused, idle, hanging. */
class StreamPeerTest {
    private static final CallOptions OPTIONS =
            CallOptions.DEFAULT.withTimeLimit(Duration.ofSeconds(10));

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final List<String> events = new ArrayList<>();
    private final List<Duration> backoffs = new ArrayList<>();
    private final RpcClient client =
            world.client()
                    .listener(
                            new RpcClientListener() {
                                @Override
                                public void connected(RpcTarget target) {
                                    events.add("connected");
                                }

                                @Override
                                public void connectFailed(
                                        RpcTarget target, Throwable failure, Duration backoff) {
                                    events.add("failed");
                                    backoffs.add(backoff);
                                }

                                @Override
                                public void disconnected(RpcTarget target, CloseReason reason) {
                                    events.add("disconnected " + reason);
                                }
                            })
                    .build();

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(client.statistics().running()).isZero();
        client.close();
        world.time.advance(Duration.ofMinutes(20));
        assertThat(client.statistics().connections()).isZero();
        assertThat(world.time.pendingTasks()).isZero();
    }

    @Test
    void callsToOneAddressShareOneConnectionAndOneAttempt() {
        Set<SocketAddress> callers = new HashSet<>();
        world.serveTcp(
                1,
                (endpoint, from, call) -> {
                    callers.add(from);
                    endpoint.send(from, Echo.reply(call));
                });
        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            calls.add(client.call(tcp(1), ECHO, "call " + i, OPTIONS));
        }
        for (int i = 0; i < calls.size(); i++) {
            assertThat(world.await(calls.get(i))).isEqualTo("call " + i);
        }
        assertThat(callers).hasSize(1);
        assertThat(client.statistics().connectionsOpened()).isEqualTo(1);
    }

    @Test
    void otherSourceMeansAnotherConnection() {
        Set<InetAddress> callers = new HashSet<>();
        world.serveTcp(
                1,
                (endpoint, from, call) -> {
                    callers.add(((InetSocketAddress) from).getAddress());
                    endpoint.send(from, Echo.reply(call));
                });
        world.await(client.call(tcp(1), ECHO, "hello", OPTIONS));
        world.await(client.call(tcp(1).from(CLIENT), ECHO, "hello", OPTIONS));
        assertThat(client.statistics().connections()).isEqualTo(2);
        assertThat(callers).containsExactly(CLIENT);
    }

    @Test
    void unixSocketsAreCalledTheSameWay() throws Exception {
        UnixDomainSocketAddress path = UnixDomainSocketAddress.of("/run/echo.sock");
        Echo echo = new Echo();
        world.clientHost.listen(path, endpoint -> endpoint.receiveCalls(echo));
        assertThat(world.await(client.call(RpcTarget.unix(path), ECHO, "hello", OPTIONS)))
                .isEqualTo("hello");
    }

    @Test
    void brokenConnectionFailsWhatWasSentAndTheNextCallReconnects() {
        List<Endpoint> connections = new ArrayList<>();
        SimulatedHost host =
                world.serveTcp(
                        1,
                        (endpoint, from, call) -> {
                            connections.add(endpoint);
                            if (!Echo.argumentOf(call).equals("wait")) {
                                endpoint.send(from, Echo.reply(call));
                            }
                        });
        assertThat(host).isNotNull();
        world.await(client.call(tcp(1), ECHO, "hello", OPTIONS));
        CompletableFuture<String> waiting = client.call(tcp(1), ECHO, "wait", OPTIONS);
        world.time.advance(Duration.ofSeconds(1));
        connections.get(0).close();
        RpcClosedException failure = world.awaitFailure(waiting, RpcClosedException.class);
        assertThat(failure.mayHaveExecuted()).isTrue();
        assertThat(failure).hasMessageContaining("closed by the peer");
        assertThat(world.await(client.call(tcp(1), ECHO, "again", OPTIONS))).isEqualTo("again");
        assertThat(events).containsExactly("connected", "disconnected PEER", "connected");
    }

    @Test
    void callsThatWaitBehindABrokenConnectionMoveToTheNext() {
        List<Endpoint> connections = new ArrayList<>();
        List<String> executed = new ArrayList<>();
        world.serveTcp(
                1,
                (endpoint, from, call) -> {
                    if (connections.isEmpty()) {
                        connections.add(endpoint);
                    }
                    executed.add(Echo.argumentOf(call));
                    if (endpoint != connections.get(0)) {
                        endpoint.send(from, Echo.reply(call));
                    }
                });
        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            calls.add(client.call(tcp(1), ECHO, "call " + i, OPTIONS));
        }
        world.time.advance(Duration.ofSeconds(1));
        connections.get(0).close();
        for (int i = 0; i < 256; i++) {
            world.awaitFailure(calls.get(i), RpcClosedException.class);
        }
        for (int i = 256; i < 300; i++) {
            assertThat(world.await(calls.get(i))).isEqualTo("call " + i);
        }
        assertThat(executed).hasSize(300).doesNotHaveDuplicates();
    }

    @Test
    void refusedConnectionsBackOffWithJitterAndRecover() {
        SimulatedHost host = world.network.host(SimulatedWorld.server(1));
        for (int i = 0; i < 8; i++) {
            world.awaitFailure(
                    client.call(tcp(1), ECHO, "hello", OPTIONS), RpcUnreachableException.class);
        }
        for (int i = 0; i < 8; i++) {
            Duration longest = Duration.ofMillis(Math.min(10_000, 100L << i));
            assertThat(backoffs.get(i)).isBetween(longest.dividedBy(2), longest);
        }
        world.listen(host, 1, new Echo());
        long before = world.time.nanoTime();
        assertThat(world.await(client.call(tcp(1), ECHO, "hello", OPTIONS))).isEqualTo("hello");
        assertThat(Duration.ofNanos(world.time.nanoTime() - before))
                .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));
    }

    @Test
    void timeLimitHoldsWhileTheBackOffLasts() {
        world.network.host(SimulatedWorld.server(1));
        for (int i = 0; i < 8; i++) {
            world.awaitFailure(
                    client.call(tcp(1), ECHO, "hello", OPTIONS), RpcUnreachableException.class);
        }
        RpcTimeoutException failure =
                world.awaitFailure(
                        client.call(
                                tcp(1),
                                ECHO,
                                "hello",
                                OPTIONS.withTimeLimit(Duration.ofMillis(50))),
                        RpcTimeoutException.class);
        assertThat(failure.trace().elapsed()).isEqualTo(Duration.ofMillis(50));
        assertThat(failure.mayHaveExecuted()).isFalse();
    }

    @Test
    void serverThatClosesEveryConnectionIsNotHammered() {
        SimulatedHost host = world.network.host(SimulatedWorld.server(1));
        world.listen(host, 1, (endpoint, from, call) -> endpoint.close());
        for (int i = 0; i < 5; i++) {
            world.awaitFailure(
                    client.call(tcp(1), ECHO, "hello", OPTIONS), RpcClosedException.class);
        }
        long before = world.time.nanoTime();
        world.awaitFailure(client.call(tcp(1), ECHO, "hello", OPTIONS), RpcClosedException.class);
        assertThat(Duration.ofNanos(world.time.nanoTime() - before))
                .isGreaterThan(Duration.ofMillis(750));
    }

    @Test
    void connectThatHangsEndsEveryCallInItsOwnTime() {
        world.serveTcp(1, new Echo());
        world.network.cut(CLIENT, SimulatedWorld.server(1));
        CallOptions shorter = OPTIONS.withTimeLimit(Duration.ofSeconds(3));
        CompletableFuture<String> first = client.call(tcp(1), ECHO, "hello", shorter);
        CompletableFuture<String> cancelled = client.call(tcp(1), ECHO, "hello", OPTIONS);
        CompletableFuture<String> last =
                client.call(tcp(1), ECHO, "hello", OPTIONS.withTimeLimit(Duration.ofMinutes(5)));
        assertThat(cancelled.cancel(true)).isTrue();
        RpcTimeoutException failure = world.awaitFailure(first, RpcTimeoutException.class);
        assertThat(failure.trace().elapsed()).isEqualTo(Duration.ofSeconds(3));
        assertThat(failure.mayHaveExecuted()).isFalse();
        RpcUnreachableException refused = world.awaitFailure(last, RpcUnreachableException.class);
        assertThat(refused.trace().elapsed()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void idleConnectionIsClosedAndABusyOneIsNot() {
        world.serveTcp(1, new Echo());
        world.await(client.call(tcp(1), ECHO, "hello", OPTIONS));
        for (int i = 0; i < 10; i++) {
            world.time.advance(Duration.ofSeconds(59));
            world.await(client.call(tcp(1), ECHO, "hello", OPTIONS));
        }
        assertThat(events).containsExactly("connected");
        world.time.advance(Duration.ofMinutes(5));
        assertThat(events).containsExactly("connected", "disconnected LOCAL");
        assertThat(client.statistics().connections()).isZero();
        assertThat(world.await(client.call(tcp(1), ECHO, "again", OPTIONS))).isEqualTo("again");
        assertThat(events).hasSize(3);
    }

    @Test
    void connectionThatBringsCallsIsNotIdle() throws Exception {
        List<Endpoint> accepted = new ArrayList<>();
        List<String> served = new ArrayList<>();
        RpcClient server = RpcClient.builder(world.network.platform(host(1, accepted))).build();
        try (RpcClient serving =
                world.client()
                        .onOpened(
                                endpoint ->
                                        endpoint.receiveCalls((on, from, call) -> served.add("x")))
                        .build()) {
            world.await(serving.call(tcp(1), ECHO, "hello", OPTIONS));
            Endpoint back = accepted.get(0);
            server.attach(back);
            for (int i = 0; i < 10; i++) {
                world.time.advance(Duration.ofSeconds(59));
                world.await(server.sendOn(back, back.peer().orElseThrow(), ECHO, "x", OPTIONS));
            }
            world.time.advance(Duration.ofSeconds(1));
            assertThat(served).hasSize(10);
            assertThat(serving.statistics().connections()).isOne();
            world.time.advance(Duration.ofMinutes(5));
            assertThat(serving.statistics().connections()).isZero();
        }
        server.close();
    }

    @Test
    void connectionThatNobodyWillServeFailsTheCallAndIsClosed() throws Exception {
        List<Endpoint> accepted = new ArrayList<>();
        host(1, accepted);
        try (RpcClient serving =
                world.client()
                        .onOpened(
                                endpoint -> {
                                    throw new IllegalStateException("the server has been stopped");
                                })
                        .build()) {
            assertThat(
                            world.awaitFailure(
                                    serving.call(tcp(1), ECHO, "hello", OPTIONS),
                                    RpcUnreachableException.class))
                    .hasMessageContaining("the server has been stopped");
            assertThat(serving.statistics().connections()).isZero();
        }
    }

    @Test
    void serverThatNeverReadsCostsBoundedMemoryAndEveryCallEnds() {
        SimulatedHost host = world.network.host(SimulatedWorld.server(1));
        try {
            host.listen(SimulatedWorld.socket(1), Endpoint::suspendReading);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            calls.add(client.call(tcp(1), ECHO, "x".repeat(60_000), OPTIONS));
        }
        for (CompletableFuture<String> each : calls) {
            world.awaitFailure(each, RpcTimeoutException.class);
        }
        assertThat(client.statistics().transmissions()).isLessThan(100);
    }

    @Test
    void connectionsAreLimited() {
        world.serveTcp(1, new Echo());
        world.serveTcp(2, new Echo());
        try (RpcClient narrow =
                world.client().limits(ClientLimits.DEFAULT.withConnections(1)).build()) {
            world.await(narrow.call(tcp(1), ECHO, "hello", OPTIONS));
            RpcUnreachableException failure =
                    world.awaitFailure(
                            narrow.call(tcp(2), ECHO, "hello", OPTIONS),
                            RpcUnreachableException.class);
            assertThat(failure).hasMessageContaining("1 connections are open (limit)");
        }
    }

    @Test
    void acceptedConnectionCarriesCallsBack() throws Exception {
        List<Endpoint> accepted = new ArrayList<>();
        RpcClient server = RpcClient.builder(world.network.platform(host(1, accepted))).build();
        world.await(client.call(tcp(1), ECHO, "hello", OPTIONS));
        Endpoint back = accepted.get(0);
        server.attach(back);
        CompletableFuture<String> call =
                server.callOn(back, back.peer().orElseThrow(), ECHO, "back", OPTIONS);
        // Nobody answers calls at the client's end, but a one-way call needs no answer.
        world.await(server.sendOn(back, back.peer().orElseThrow(), ECHO, "one-way", OPTIONS));
        world.awaitFailure(call, RpcTimeoutException.class);
        CompletableFuture<String> open =
                server.callOn(back, back.peer().orElseThrow(), ECHO, "back", OPTIONS);
        back.close();
        world.awaitFailure(open, RpcClosedException.class);
        server.close();
        assertThatThrownBy(() -> server.attach(back)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void openedConnectionCarriesCallsThatNameIt() {
        world.serveTcp(1, new Echo());
        List<Endpoint> opened = new ArrayList<>();
        List<CompletableFuture<String>> atOnce = new ArrayList<>();
        List<RpcClient> self = new ArrayList<>();
        try (RpcClient calling =
                world.client()
                        .onOpened(
                                endpoint -> {
                                    opened.add(endpoint);
                                    atOnce.add(named(self.get(0), endpoint, "at once"));
                                })
                        .build()) {
            self.add(calling);
            world.await(calling.call(tcp(1), ECHO, "hello", OPTIONS));
            assertThat(world.await(atOnce.get(0))).isEqualTo("at once");
            assertThat(world.await(named(calling, opened.get(0), "named"))).isEqualTo("named");
            world.time.advance(Duration.ofSeconds(119));
            assertThat(calling.statistics().connections()).as("not idle yet").isOne();
            opened.get(0).close();
            world.awaitFailure(named(calling, opened.get(0), "late"), RpcClosedException.class);
        }
        assertThat(opened).as("the call did not go elsewhere").hasSize(1);
    }

    @Test
    void callThatNamesItsConnectionEndsWithItEvenInTheQueue() throws Exception {
        List<Endpoint> opened = new ArrayList<>();
        SimulatedHost silent = world.network.host(SimulatedWorld.server(1));
        silent.listen(SimulatedWorld.socket(1), endpoint -> {});
        try (RpcClient narrow =
                world.client().connections(oneInFlight()).onOpened(opened::add).build()) {
            CompletableFuture<String> first = narrow.call(tcp(1), ECHO, "first", OPTIONS);
            assertThat(world.time.runUntil(() -> !opened.isEmpty(), OPTIONS.timeLimit())).isTrue();
            CompletableFuture<String> anywhere = narrow.call(tcp(1), ECHO, "second", OPTIONS);
            CompletableFuture<String> named = named(narrow, opened.get(0), "third");
            opened.get(0).close();
            world.awaitFailure(first, RpcClosedException.class);
            assertThat(world.awaitFailure(named, RpcClosedException.class).mayHaveExecuted())
                    .isFalse();
            assertThat(anywhere).as("it waits for the next connection").isNotDone();
        }
    }

    @Test
    void timeOutSaysWhatTheCallWaitedFor() throws Exception {
        SimulatedHost silent = world.network.host(SimulatedWorld.server(1));
        silent.listen(SimulatedWorld.socket(1), endpoint -> {});
        try (RpcClient narrow = world.client().connections(oneInFlight()).build()) {
            CompletableFuture<String> sent =
                    narrow.call(tcp(1), ECHO, "first", OPTIONS.withTimeLimit(MINUTE));
            CompletableFuture<String> starved = narrow.call(tcp(1), ECHO, "second", OPTIONS);
            RpcTimeoutException failure = world.awaitFailure(starved, RpcTimeoutException.class);
            assertThat(failure).hasMessageContaining("1 calls in flight before it (window 1)");
            assertThat(failure.mayHaveExecuted()).isFalse();
            assertThat(world.awaitFailure(sent, RpcTimeoutException.class))
                    .hasMessageStartingWith("no reply (");
        }
    }

    @Test
    void refusedConnectionIsNamedOnce() {
        world.network.host(SimulatedWorld.server(1));
        RpcUnreachableException failure =
                world.awaitFailure(
                        client.call(tcp(1), ECHO, "hello", OPTIONS), RpcUnreachableException.class);
        assertThat(failure.getMessage().split("cannot connect", -1)).hasSize(2);
    }

    private static ConnectionPolicy oneInFlight() {
        ConnectionPolicy policy = ConnectionPolicy.DEFAULT;
        return new ConnectionPolicy(
                policy.connectTimeLimit(),
                policy.idleLimit(),
                policy.backoffFirst(),
                policy.backoffLongest(),
                1);
    }

    private static CompletableFuture<String> named(RpcClient calling, Endpoint over, String text) {
        return calling.callOn(over, over.peer().orElseThrow(), ECHO, text, OPTIONS);
    }

    private SimulatedHost host(int number, List<Endpoint> accepted) throws Exception {
        SimulatedHost host = world.network.host(SimulatedWorld.server(number));
        Echo echo = new Echo();
        host.listen(
                SimulatedWorld.socket(number),
                endpoint -> {
                    accepted.add(endpoint);
                    endpoint.receiveCalls(echo);
                });
        return host;
    }

    @Test
    void idleConnectionThatOnlyCarriedOneWayCallsIsNoFailedAttempt() {
        Echo echo = new Echo();
        world.serveTcp(1, echo);
        for (int i = 0; i < 8; i++) {
            world.await(client.send(tcp(1), ECHO, "one-way", OPTIONS));
            assertThat(
                            world.time.runUntil(
                                    () -> client.statistics().connections() == 0,
                                    Duration.ofMinutes(5)))
                    .isTrue();
        }
        long before = world.time.nanoTime();
        world.await(client.send(tcp(1), ECHO, "one-way", OPTIONS));
        assertThat(Duration.ofNanos(world.time.nanoTime() - before))
                .isLessThan(Duration.ofMillis(10));
    }

    @Test
    void serverThatClosesAConnectionOfOneWayCallsAfterAWhileIsNotAvoided() throws Exception {
        List<Endpoint> accepted = new ArrayList<>();
        host(1, accepted);
        for (int i = 0; i < 8; i++) {
            world.await(client.send(tcp(1), ECHO, "one-way", OPTIONS));
            world.time.advance(Duration.ofSeconds(11));
            accepted.get(i).close();
            world.time.advance(Duration.ofMillis(1));
        }
        long before = world.time.nanoTime();
        world.await(client.send(tcp(1), ECHO, "one-way", OPTIONS));
        assertThat(Duration.ofNanos(world.time.nanoTime() - before))
                .isLessThan(Duration.ofMillis(10));
    }

    @Test
    void limitsMayBeForEver() {
        Duration forEver = ChronoUnit.FOREVER.getDuration();
        world.serveTcp(1, new Echo());
        try (RpcClient patient =
                world.client()
                        .connections(new ConnectionPolicy(forEver, forEver, forEver, forEver, 256))
                        .build()) {
            CallOptions options =
                    OPTIONS.withTimeLimit(forEver)
                            .withRetransmission(new Retransmission(forEver, forEver, 3, true));
            assertThat(world.await(patient.call(tcp(1), ECHO, "hello", options)))
                    .isEqualTo("hello");
            world.awaitFailure(
                    patient.call(tcp(2), ECHO, "hello", OPTIONS.withTimeLimit(MINUTE)),
                    RpcTimeoutException.class);
            world.serveUdp(3, new Echo());
            assertThat(world.await(patient.call(SimulatedWorld.udp(3), ECHO, "hello", options)))
                    .isEqualTo("hello");
        }
    }

    @Test
    void callsThatEndWhenAConnectionIsMadeEndOnAThreadThatMustNotWait() {
        world.serveTcp(1, new Echo());
        List<Boolean> forbidden = new ArrayList<>();
        CompletableFuture<Void> told =
                client.send(tcp(1), ECHO, "one-way", OPTIONS)
                        .thenRun(() -> forbidden.add(IoThread.isCurrent()));
        world.await(told);
        assertThat(forbidden).containsExactly(true);
    }
}
