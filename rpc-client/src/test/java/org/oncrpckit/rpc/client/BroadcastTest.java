package org.oncrpckit.rpc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.oncrpckit.rpc.client.Echo.ECHO;
import static org.oncrpckit.rpc.client.SimulatedWorld.PORT;
import static org.oncrpckit.rpc.client.SimulatedWorld.address;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.AcceptStatus;
import org.oncrpckit.rpc.OpaqueAuth;
import org.oncrpckit.rpc.ReplyHeader;
import org.oncrpckit.rpc.simulation.LinkQuality;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.rpc.testing.TestSeed;
import org.oncrpckit.rpc.transport.MessageReceiver;
import org.oncrpckit.xdr.XdrWriter;

class BroadcastTest {
    private static final RpcTarget EVERYBODY =
            RpcTarget.udp(new InetSocketAddress(address("255.255.255.255"), PORT));
    private static final CallOptions OPTIONS =
            CallOptions.DEFAULT.withTimeLimit(Duration.ofSeconds(10));

    private final long seed = TestSeed.of(BroadcastTest.class);
    private final SimulatedWorld world = new SimulatedWorld(seed);
    private final RpcClient client = world.client().build();

    private void serve(int number, MessageReceiver receiver) throws Exception {
        InetAddress host = SimulatedWorld.server(number);
        world.network
                .host(host)
                .bindDatagram(new InetSocketAddress(address("0.0.0.0"), PORT))
                .receiveCalls(receiver);
    }

    private CompletableFuture<List<BroadcastReply<String>>> ask(Gathering<String> gathering) {
        return client.broadcast(EVERYBODY, ECHO, "anybody?", OPTIONS, gathering);
    }

    private void assertNothingIsLeft() {
        assertThat(client.statistics().hosts()).isZero();
        world.close(client);
    }

    @Test
    void everybodyAnswersOnceThoughHalfOfAllMessagesAreLost() throws Exception {
        world.network.setQuality(LinkQuality.GOOD.withLoss(0.5).withDuplication(0.2));
        List<Echo> servers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            servers.add(new Echo());
            serve(i, servers.get(i));
        }
        CallOptions patient = OPTIONS.withTimeLimit(Duration.ofMinutes(20));
        List<BroadcastReply<String>> replies =
                world.await(
                        client.broadcast(EVERYBODY, ECHO, "anybody?", patient, Gathering.upTo(20)));
        assertThat(replies).as("seed %d", seed).hasSize(20);
        assertThat(replies.stream().map(BroadcastReply::from)).doesNotHaveDuplicates();
        assertThat(replies.stream().map(BroadcastReply::results)).containsOnly("anybody?");
        Set<Integer> xids = new HashSet<>();
        servers.forEach(server -> xids.addAll(server.xids()));
        assertThat(xids).as("one xid for all copies").hasSize(1);
        assertNothingIsLeft();
    }

    @Test
    void listensUntilTheTimeLimit() throws Exception {
        serve(1, new Echo());
        long start = world.time.nanoTime();
        List<BroadcastReply<String>> replies = world.await(ask(Gathering.upTo(100)));
        assertThat(replies)
                .containsExactly(new BroadcastReply<>(SimulatedWorld.socket(1), "anybody?"));
        assertThat(Duration.ofNanos(world.time.nanoTime() - start))
                .isBetween(Duration.ofSeconds(10), Duration.ofMillis(10_100));
        assertThat(client.statistics().succeeded()).isEqualTo(1);
        assertNothingIsLeft();
    }

    @Test
    void nobodyIsAnAnswerToo() {
        assertThat(world.await(ask(Gathering.first()))).isEmpty();
        assertThat(client.statistics().retransmissions()).isGreaterThan(2);
        assertNothingIsLeft();
    }

    @Test
    void endsWhenTheCallerSaysEnough() throws Exception {
        for (int i = 0; i < 5; i++) {
            serve(i, new Echo());
        }
        List<InetSocketAddress> seen = new ArrayList<>();
        Gathering<String> two =
                new Gathering<>(
                        100,
                        reply -> {
                            seen.add(reply.from());
                            return seen.size() == 2;
                        });
        long start = world.time.nanoTime();
        assertThat(world.await(ask(two))).hasSize(2);
        assertThat(world.time.nanoTime() - start).isLessThan(1_000_000_000L);
        assertThat(world.await(ask(Gathering.first()))).hasSize(1);
        world.time.advance(Duration.ofSeconds(1));
        assertThat(client.statistics().repliesUnmatched()).as("those who came late").isPositive();
        assertNothingIsLeft();
    }

    @Test
    void rejectionsAndNonsenseArePassedOver() throws Exception {
        serve(
                1,
                (endpoint, from, message) ->
                        endpoint.send(
                                from,
                                Echo.reply(
                                        new ReplyHeader.Accepted(
                                                Echo.xidOf(message),
                                                OpaqueAuth.NONE,
                                                AcceptStatus.PROG_UNAVAIL))));
        serve(
                2,
                (endpoint, from, message) -> {
                    XdrWriter writer = new XdrWriter();
                    ReplyHeader.success(Echo.xidOf(message)).encode(writer);
                    writer.writeInt(-1);
                    endpoint.send(from, writer.toByteBuffer());
                });
        serve(3, new Echo());
        assertThat(world.await(ask(Gathering.upTo(100))))
                .extracting(BroadcastReply::from)
                .containsExactly(SimulatedWorld.socket(3));
        assertThat(client.statistics().repliesMalformed()).isPositive();
        assertNothingIsLeft();
    }

    @Test
    void cancellingAndClosingEndIt() throws Exception {
        serve(1, new Echo());
        CompletableFuture<List<BroadcastReply<String>>> cancelled = ask(Gathering.upTo(9));
        cancelled.cancel(true);
        assertThat(client.statistics().cancelled()).isEqualTo(1);
        CompletableFuture<List<BroadcastReply<String>>> closed = ask(Gathering.upTo(9));
        client.close();
        assertThatThrownBy(closed::join).hasCauseInstanceOf(RpcClosedException.class);
        assertThatThrownBy(ask(Gathering.first())::join)
                .hasCauseInstanceOf(RpcClosedException.class);
        assertNothingIsLeft();
    }

    @Test
    void broadcastThatCannotLeaveFailsAndIsNoSilence() {
        RpcTarget ipv6 = RpcTarget.udp(new InetSocketAddress(address("ff02::202"), PORT));
        RpcUnreachableException failure =
                world.awaitFailure(
                        client.broadcast(ipv6, ECHO, "anybody?", OPTIONS, Gathering.first()),
                        RpcUnreachableException.class);
        assertThat(failure.mayHaveExecuted()).isFalse();
        assertNothingIsLeft();
    }

    @Test
    void connectionsCannotBroadcast() {
        RpcTarget tcp = RpcTarget.tcp(new InetSocketAddress(address("255.255.255.255"), PORT));
        assertThatThrownBy(
                        () -> client.broadcast(tcp, ECHO, "anybody?", OPTIONS, Gathering.first()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("broadcast over TCP");
    }

    @Test
    void everyListenerOfAMulticastAddressHearsIt() throws Exception {
        SimulatedWorld ipv6 = new SimulatedWorld(seed);
        var here = ipv6.network.host(address("fd00::1"));
        for (String each : List.of("fd00::2", "fd00::3")) {
            ipv6.network
                    .host(address(each))
                    .bindDatagram(new InetSocketAddress(address("::"), PORT))
                    .receiveCalls(new Echo());
        }
        try (RpcClient caller = RpcClient.builder(ipv6.network.platform(here)).build()) {
            RpcTarget all = RpcTarget.udp(new InetSocketAddress(address("ff02::202"), PORT));
            assertThat(ipv6.await(caller.broadcast(all, ECHO, "who?", OPTIONS, Gathering.upTo(2))))
                    .extracting(reply -> reply.from().getAddress())
                    .containsExactlyInAnyOrder(address("fd00::2"), address("fd00::3"));
        }
    }

    @Test
    void realSocketsCarryIt() throws Exception {
        try (SocketPlatform sockets = SocketPlatform.open();
                RpcClient caller = RpcClient.builder(sockets.platform()).build()) {
            var server =
                    sockets.platform()
                            .network()
                            .bindDatagram(new InetSocketAddress(address("0.0.0.0"), 0));
            server.receiveCalls(new Echo());
            int port = ((InetSocketAddress) server.localAddress()).getPort();
            RpcTarget loopback =
                    RpcTarget.udp(new InetSocketAddress(address("127.255.255.255"), port))
                            .from(address("127.0.0.1"));
            List<BroadcastReply<String>> replies =
                    caller.broadcast(loopback, ECHO, "real", OPTIONS, Gathering.first())
                            .get(30, TimeUnit.SECONDS);
            assertThat(replies)
                    .containsExactly(
                            new BroadcastReply<>(
                                    new InetSocketAddress(address("127.0.0.1"), port), "real"));
        }
    }
}
