package org.oncrpckit.rpc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.oncrpckit.rpc.client.Echo.ECHO;
import static org.oncrpckit.rpc.client.SimulatedWorld.CLIENT;
import static org.oncrpckit.rpc.client.SimulatedWorld.MINUTE;
import static org.oncrpckit.rpc.client.SimulatedWorld.socket;
import static org.oncrpckit.rpc.client.SimulatedWorld.tcp;
import static org.oncrpckit.rpc.client.SimulatedWorld.udp;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.AcceptStatus;
import org.oncrpckit.rpc.AuthStatus;
import org.oncrpckit.rpc.OpaqueAuth;
import org.oncrpckit.rpc.ReplyHeader;
import org.oncrpckit.rpc.VersionRange;
import org.oncrpckit.rpc.transport.Endpoint;

/** Calls and their ends, one at a time. */
class RpcClientTest {
    private static final CallOptions OPTIONS =
            CallOptions.DEFAULT.withTimeLimit(Duration.ofSeconds(10));

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final RpcClient client = world.client().build();

    @AfterEach
    void nothingIsLeftBehind() {
        world.close(client);
    }

    @Test
    void callOverUdpBringsItsResults() {
        world.serveUdp(1, new Echo());
        assertThat(world.await(client.call(udp(1), ECHO, "hello", OPTIONS))).isEqualTo("hello");
    }

    @Test
    void callOverTcpBringsItsResults() {
        world.serveTcp(1, new Echo());
        assertThat(world.await(client.call(tcp(1), ECHO, "hello", OPTIONS))).isEqualTo("hello");
        assertThat(client.statistics().connections()).isEqualTo(1);
    }

    @Test
    void lostCallIsSentAgainWithTheSameXidUntilItsTimeIsUp() {
        List<Integer> xids = new ArrayList<>();
        world.serveUdp(1, (endpoint, from, message) -> xids.add(Echo.xidOf(message)));
        CompletableFuture<String> call = client.call(udp(1), ECHO, "hello", OPTIONS);
        RpcTimeoutException failure = world.awaitFailure(call, RpcTimeoutException.class);
        assertThat(xids).hasSize(4).containsOnly(failure.trace().xid());
        assertThat(failure.trace().transmissions()).isEqualTo(4);
        assertThat(failure.trace().elapsed()).isEqualTo(Duration.ofSeconds(10));
        assertThat(failure.mayHaveExecuted()).isTrue();
    }

    @Test
    void neverSendingAgainMeansOnce() {
        Echo echo = new Echo();
        world.serveUdp(1, echo);
        world.network.cut(SimulatedWorld.server(1), CLIENT);
        CompletableFuture<String> call =
                client.call(
                        udp(1), ECHO, "hello", OPTIONS.withRetransmission(Retransmission.NEVER));
        world.awaitFailure(call, RpcTimeoutException.class);
        assertThat(echo.xids()).hasSize(1);
    }

    @Test
    void rejectionsSayWhy() {
        OpaqueAuth none = OpaqueAuth.NONE;
        List<ReplyHeader> replies = new ArrayList<>();
        world.serveUdp(
                1,
                (endpoint, from, call) -> {
                    ByteBuffer reply = Echo.reply(replies.get(0));
                    endpoint.send(from, reply.putInt(0, Echo.xidOf(call)));
                });
        replies.add(new ReplyHeader.Accepted(0, none, AcceptStatus.PROG_UNAVAIL));
        assertThat(rejection().acceptStatus()).contains(AcceptStatus.PROG_UNAVAIL);
        replies.set(0, new ReplyHeader.ProgramMismatch(0, none, new VersionRange(2, 4)));
        assertThat(rejection().supportedVersions()).contains(new VersionRange(2, 4));
        assertThat(rejection()).hasMessageContaining("versions 2 to 4");
        replies.set(0, new ReplyHeader.AuthError(0, AuthStatus.AUTH_TOOWEAK));
        assertThat(rejection().authStatus()).contains(AuthStatus.AUTH_TOOWEAK);
        assertThat(rejection().mayHaveExecuted()).isFalse();
        replies.set(0, new ReplyHeader.Accepted(0, none, AcceptStatus.SYSTEM_ERR));
        assertThat(rejection().mayHaveExecuted()).isTrue();
    }

    private RpcRejectedException rejection() {
        return world.awaitFailure(
                client.call(udp(1), ECHO, "hello", OPTIONS), RpcRejectedException.class);
    }

    @Test
    void resultsThatCannotBeDecodedFailTheCall() {
        world.serveUdp(
                1,
                (endpoint, from, call) ->
                        endpoint.send(from, Echo.reply(ReplyHeader.success(Echo.xidOf(call)))));
        CompletableFuture<String> call = client.call(udp(1), ECHO, "hello", OPTIONS);
        assertThat(world.awaitFailure(call, RpcBadReplyException.class).mayHaveExecuted()).isTrue();
    }

    @Test
    void cancelledCallIsSentNoMoreAndLeavesNothing() {
        Echo echo = new Echo();
        world.serveUdp(1, echo);
        world.network.cut(SimulatedWorld.server(1), CLIENT);
        CompletableFuture<String> call = client.call(udp(1), ECHO, "hello", OPTIONS);
        world.time.advance(Duration.ofMillis(500));
        assertThat(call.cancel(true)).isTrue();
        assertThat(client.statistics().running()).isZero();
        assertThat(client.statistics().cancelled()).isEqualTo(1);
        // The sweep of idle hosts, and no timer of the call.
        assertThat(world.time.pendingTasks()).isEqualTo(1);
        world.time.advance(MINUTE);
        assertThat(echo.xids()).hasSize(1);
    }

    @Test
    void futureEndedByOtherMeansEndsTheCall() {
        world.serveUdp(1, (endpoint, from, message) -> {});
        CompletableFuture<String> call = client.call(udp(1), ECHO, "hello", OPTIONS);
        assertThat(call.completeExceptionally(new IllegalStateException("enough"))).isTrue();
        assertThat(client.statistics().running()).isZero();
    }

    @Test
    void oneWayCallLeavesNothingBehind() {
        Echo echo = new Echo();
        world.serveUdp(1, echo);
        world.await(client.send(udp(1), ECHO, "hello", OPTIONS));
        world.time.advance(MINUTE);
        assertThat(echo.xids()).hasSize(1);
        assertThat(client.statistics().repliesUnmatched()).isEqualTo(1);
    }

    @Test
    void oneWayCallDoesNotWaitForTheWindow() {
        List<String> arrived = new ArrayList<>();
        world.serveUdp(1, (endpoint, from, message) -> arrived.add(Echo.argumentOf(message)));
        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            calls.add(client.call(udp(1), ECHO, "call", OPTIONS));
        }
        assertThat(client.measure(socket(1)).orElseThrow().queued()).isPositive();
        assertThat(client.send(udp(1), ECHO, "one-way", OPTIONS)).isCompleted();
        world.time.advance(Duration.ofMillis(1));
        assertThat(arrived).contains("one-way");
        calls.forEach(call -> call.cancel(true));
    }

    @Test
    void futureThatIsCompletedByTheCallerEndsTheCall() throws Exception {
        world.serveUdp(1, (endpoint, from, message) -> {});
        CompletableFuture<String> call = client.call(udp(1), ECHO, "hello", OPTIONS);
        assertThat(call.complete("enough")).isTrue();
        assertThat(call.get()).isEqualTo("enough");
        CompletableFuture<String> impatient =
                client.call(udp(1), ECHO, "hello", OPTIONS).orTimeout(1, TimeUnit.MILLISECONDS);
        assertThatThrownBy(() -> impatient.get(60, TimeUnit.SECONDS))
                .hasCauseInstanceOf(TimeoutException.class);
        assertThat(client.statistics().running()).isZero();
        assertThat(client.statistics().cancelled()).isEqualTo(2);
    }

    @Test
    void refusedConnectionFailsAtOnce() {
        world.serveUdp(1, new Echo());
        RpcUnreachableException failure =
                world.awaitFailure(
                        client.call(tcp(1), ECHO, "hello", OPTIONS), RpcUnreachableException.class);
        assertThat(failure.mayHaveExecuted()).isFalse();
        assertThat(failure.trace().transmissions()).isZero();
    }

    @Test
    void noRouteFailsAtOnce() {
        RpcTarget target =
                RpcTarget.udp(new InetSocketAddress(SimulatedWorld.address("fd00::1"), 1));
        world.awaitFailure(
                client.call(target, ECHO, "hello", OPTIONS), RpcUnreachableException.class);
    }

    @Test
    void attachedSocketCarriesCallsFromItsPort() throws Exception {
        Endpoint socket = world.clientHost.bindDatagram(new InetSocketAddress(CLIENT, 900));
        client.attach(socket);
        List<Object> callers = new ArrayList<>();
        world.serveUdp(
                1,
                (endpoint, from, call) -> {
                    callers.add(from);
                    endpoint.send(from, Echo.reply(call));
                });
        world.await(client.call(udp(1), ECHO, "hello", OPTIONS));
        world.await(client.call(udp(1).from(CLIENT), ECHO, "hello", OPTIONS));
        world.await(client.callOn(socket, socket(1), ECHO, "hello", OPTIONS));
        assertThat(callers).hasSize(3).containsOnly(new InetSocketAddress(CLIENT, 900));
        assertThat(client.statistics().endpoints()).isZero();
        socket.close();
        world.awaitFailure(
                client.callOn(socket, socket(1), ECHO, "hello", OPTIONS), RpcClosedException.class);
        world.await(client.call(udp(1), ECHO, "hello", OPTIONS));
        assertThat(client.statistics().endpoints()).isEqualTo(1);
    }

    @Test
    void endpointThatIsNotAttachedIsRefused() throws Exception {
        Endpoint socket = world.clientHost.bindDatagram(new InetSocketAddress(CLIENT, 900));
        assertThatThrownBy(() -> client.callOn(socket, socket(1), ECHO, "hello", OPTIONS))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void argumentsThatCannotBeEncodedAreTheCallersFault() {
        assertThatThrownBy(() -> client.call(udp(1), ECHO, "x".repeat(70_000), OPTIONS))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void waitingOnAThreadThatCompletesCallsIsRefused() {
        world.serveUdp(1, new Echo());
        CompletableFuture<String> inner =
                client.call(udp(1), ECHO, "outer", OPTIONS)
                        .thenApply(
                                text -> {
                                    try {
                                        return client.callAndWait(udp(1), ECHO, text, OPTIONS);
                                    } catch (RpcException | InterruptedException e) {
                                        throw new AssertionError(e);
                                    }
                                });
        world.time.advance(MINUTE);
        assertThat(inner)
                .failsWithin(1, TimeUnit.SECONDS)
                .withThrowableThat()
                .withCauseInstanceOf(IllegalStateException.class);
    }
}
