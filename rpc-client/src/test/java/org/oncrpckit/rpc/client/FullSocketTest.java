package org.oncrpckit.rpc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oncrpckit.rpc.client.Echo.ECHO;
import static org.oncrpckit.rpc.client.SimulatedWorld.CLIENT;
import static org.oncrpckit.rpc.client.SimulatedWorld.PORT;
import static org.oncrpckit.rpc.client.SimulatedWorld.udp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls that find the socket's buffer full. */
class FullSocketTest {
    private static final CallOptions OPTIONS =
            CallOptions.DEFAULT
                    .withTimeLimit(Duration.ofSeconds(10))
                    .withRetransmission(Retransmission.NEVER);
    private static final RpcTarget EVERYBODY =
            RpcTarget.udp(new InetSocketAddress(SimulatedWorld.address("255.255.255.255"), PORT));

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final RpcClient client = world.client().build();

    @AfterEach
    void nothingIsLeftBehind() {
        world.close(client);
    }

    private FullSocket attach(int refusals) throws IOException {
        FullSocket socket =
                new FullSocket(
                        world.clientHost.bindDatagram(new InetSocketAddress(CLIENT, 900)),
                        world.time::nanoTime,
                        refusals);
        client.attach(socket);
        return socket;
    }

    private CompletableFuture<List<BroadcastReply<String>>> ask() {
        return client.broadcast(EVERYBODY, ECHO, "anybody?", OPTIONS, Gathering.first());
    }

    @Test
    void callIsSentWhenThereIsRoomAgain() throws IOException {
        world.serveUdp(1, new Echo());
        FullSocket socket = attach(3);
        assertThat(world.await(client.call(udp(1), ECHO, "hello", OPTIONS))).isEqualTo("hello");
        assertThat(socket.sendsMillis()).containsExactly(0L, 10L, 30L, 70L);
        assertThat(client.statistics().transmissions()).isOne();
        assertThat(client.statistics().retransmissions()).isZero();
    }

    @Test
    void callThatNeverFoundRoomWasNotExecuted() throws IOException {
        FullSocket socket = attach(Integer.MAX_VALUE);
        RpcTimeoutException failure =
                world.awaitFailure(
                        client.call(udp(1), ECHO, "hello", OPTIONS), RpcTimeoutException.class);
        assertThat(failure.mayHaveExecuted()).isFalse();
        assertThat(failure.trace().transmissions()).isZero();
        assertThat(failure.trace().elapsed()).isEqualTo(OPTIONS.timeLimit());
        assertThat(socket.sendsMillis()).as("pauses grow to a second").hasSizeBetween(10, 20);
    }

    @Test
    void oneWayCallIsNotSentLater() throws IOException {
        FullSocket socket = attach(1);
        RpcUnreachableException failure =
                world.awaitFailure(
                        client.send(udp(1), ECHO, "hello", OPTIONS), RpcUnreachableException.class);
        assertThat(failure).hasMessageStartingWith("socket buffer full");
        assertThat(failure.mayHaveExecuted()).isFalse();
        assertThat(socket.sendsMillis()).hasSize(1);
    }

    @Test
    void broadcastIsSentWhenThereIsRoomAgain() throws IOException {
        world.network
                .host(SimulatedWorld.server(1))
                .bindDatagram(new InetSocketAddress(SimulatedWorld.address("0.0.0.0"), PORT))
                .receiveCalls(new Echo());
        FullSocket socket = attach(3);
        assertThat(world.await(ask())).hasSize(1);
        assertThat(socket.sendsMillis()).containsExactly(0L, 10L, 30L, 70L);
        assertThat(client.statistics().transmissions()).isOne();
    }

    @Test
    void broadcastThatNeverFoundRoomIsNoSilence() throws IOException {
        attach(Integer.MAX_VALUE);
        RpcUnreachableException failure = world.awaitFailure(ask(), RpcUnreachableException.class);
        assertThat(failure).hasMessageStartingWith("socket buffer full");
        assertThat(failure.trace().elapsed()).isEqualTo(OPTIONS.timeLimit());
        assertThat(failure.mayHaveExecuted()).isFalse();
    }

    @Test
    void broadcastThatMeetsAFullSocketLaterGoesOnWithItsIntervals() throws IOException {
        FullSocket socket = attach(1);
        CompletableFuture<List<BroadcastReply<String>>> asked =
                client.broadcast(
                        EVERYBODY,
                        ECHO,
                        "anybody?",
                        OPTIONS.withRetransmission(Retransmission.ADAPTIVE),
                        Gathering.first());
        assertThat(world.await(asked)).isEmpty();
        assertThat(socket.sendsMillis()).containsExactly(0L, 10L, 1_010L, 3_010L, 7_010L);
    }
}
