package org.oncrpckit.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.XdrCodecs;

/** One endpoint carries calls and replies both ways at the same time, over real sockets. */
class BothDirectionsTest {
    private static final ProgramVersion BOUNCE = new ProgramVersion(0x2000_0102, 1);

    /**
     * Served at both ends; a positive number is called back with one less before it is answered.
     */
    private static final Procedure<Integer, Integer> DOWN =
            new Procedure<>(BOUNCE, 1, "DOWN", XdrCodecs.INT, XdrCodecs.INT);

    /**
     * Once there and once back: deeper, both windows could fill up with calls that wait for slots.
     */
    private static final int DEPTH = 1;

    private static final int CALLS = 200;

    /** There and back, again and again: so few that each finds a slot in the smallest window. */
    private static final int DEEP = 6;

    private static final int FEW = 3;

    /** One end: answers DOWN by a call back over the endpoint that the call came in on. */
    private static final class End implements AutoCloseable {
        final SocketPlatform sockets = SocketPlatform.open();
        final ConcurrentMap<Endpoint, SocketAddress> callers = new ConcurrentHashMap<>();
        final RpcServer server;
        final RpcClient client;

        End() {
            RpcProgram program =
                    RpcProgram.builder(BOUNCE.program(), "bounce")
                            .asynchronous(DOWN, (call, n) -> call.answerFrom(down(call, n)))
                            .build();
            RpcServer.Builder settings = RpcServer.builder(sockets.platform()).program(program);
            RpcClient.Builder calling = RpcClient.builder(sockets.platform());
            List<RpcServer> attaching = new ArrayList<>();
            client = calling.onOpened(endpoint -> attaching.get(0).attach(endpoint)).build();
            server = settings.callBackClient(client).build();
            attaching.add(server);
        }

        private CompletableFuture<Integer> down(CallContext call, int number) {
            callers.put(call.endpoint(), call.peer());
            return number == 0
                    ? CompletableFuture.completedFuture(0)
                    : client.callOn(
                                    call.endpoint(),
                                    call.peer(),
                                    DOWN,
                                    number - 1,
                                    CallOptions.DEFAULT)
                            .thenApply(depth -> depth + 1);
        }

        Endpoint bindBoth() throws Exception {
            Endpoint socket = sockets.platform().network().bindDatagram(RawCaller.loopback(0));
            server.attach(socket);
            client.attach(socket);
            return socket;
        }

        @Override
        public void close() {
            server.close();
            client.close();
            sockets.close();
        }
    }

    private final End near = new End();
    private SocketServer far;
    private End farEnd;

    @BeforeEach
    void open() throws Exception {
        farEnd = new End();
        far =
                new SocketServer(
                        builder ->
                                builder.callBackClient(farEnd.client)
                                        .program(
                                                RpcProgram.builder(BOUNCE.program(), "bounce")
                                                        .asynchronous(
                                                                DOWN,
                                                                (call, n) ->
                                                                        call.answerFrom(
                                                                                farEnd.down(
                                                                                        call, n)))
                                                        .build()));
    }

    @AfterEach
    void close() throws Exception {
        near.close();
        far.close();
        farEnd.close();
    }

    private static List<CompletableFuture<Integer>> callMany(
            RpcClient client, RpcTarget target, int depth) {
        return callMany(client, target, depth, CALLS);
    }

    private static List<CompletableFuture<Integer>> callMany(
            RpcClient client, RpcTarget target, int depth, int count) {
        List<CompletableFuture<Integer>> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            calls.add(client.call(target, DOWN, depth, CallOptions.DEFAULT));
        }
        return calls;
    }

    private static void assertAllBring(int depth, List<CompletableFuture<Integer>> calls)
            throws Exception {
        for (CompletableFuture<Integer> each : calls) {
            assertThat(each.get(60, TimeUnit.SECONDS)).isEqualTo(depth);
        }
    }

    private static void assertAllBounce(RpcClient client, RpcTarget target) throws Exception {
        assertAllBring(DEPTH, callMany(client, target, DEPTH));
    }

    @Test
    void serverAndClientShareAUdpSocketAtBothEnds() throws Exception {
        Endpoint here = near.bindBoth();
        Endpoint there = farEnd.bindBoth();

        RpcTarget toThere = RpcTarget.udp((InetSocketAddress) there.localAddress());
        RpcTarget toHere = RpcTarget.udp((InetSocketAddress) here.localAddress());
        List<CompletableFuture<Integer>> out = callMany(near.client, toThere, DEPTH);
        List<CompletableFuture<Integer>> in = callMany(farEnd.client, toHere, 0);
        assertAllBring(DEPTH, out);
        assertAllBring(0, in);

        assertThat(near.callers).containsOnlyKeys(here);
        assertThat(near.callers.get(here)).isEqualTo(there.localAddress());
        assertThat(farEnd.callers.get(there)).isEqualTo(here.localAddress());
        assertThat(here.statistics().unclaimed() + there.statistics().unclaimed()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"TCP", "UNIX"})
    void callsGoBackOverTheConnectionThatTheClientOpened(Transport transport) throws Exception {
        assertAllBounce(near.client, new RpcTarget(transport, far.address(transport), null));

        assertThat(near.callers).hasSize(1);
        assertThat(farEnd.callers).hasSize(1);
        Endpoint opened = near.callers.keySet().iterator().next();
        assertThat(opened.peer()).contains(far.address(transport));
        assertThat(near.client.statistics().connections()).isOne();
        assertThat(farEnd.client.statistics().connections()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"TCP", "UNIX"})
    void callsBounceOverTheConnectionThatTheClientOpened(Transport transport) throws Exception {
        RpcTarget target = new RpcTarget(transport, far.address(transport), null);
        assertAllBring(DEEP, callMany(near.client, target, DEEP, FEW));

        assertThat(near.callers).hasSize(1);
        assertThat(farEnd.callers).hasSize(1);
    }

    @Test
    void callsBounceOverTheSocketThatTheClientOpened() throws Exception {
        Endpoint there = farEnd.bindBoth();
        RpcTarget target = RpcTarget.udp((InetSocketAddress) there.localAddress());
        assertAllBring(DEEP, callMany(near.client, target, DEEP, FEW));

        assertThat(near.callers).hasSize(1);
    }

    @Test
    void serverWhoseCallBackClientIsClosedServesOn() throws Exception {
        farEnd.client.close();
        RpcTarget target = RpcTarget.tcp((InetSocketAddress) far.address(Transport.TCP));

        assertAllBring(0, callMany(near.client, target, 0, FEW));
    }

    @Test
    void socketThatTheClientOpenedItselfIsServedToo() throws Exception {
        Endpoint there = farEnd.bindBoth();

        assertAllBounce(near.client, RpcTarget.udp((InetSocketAddress) there.localAddress()));

        assertThat(near.callers).hasSize(1);
    }
}
