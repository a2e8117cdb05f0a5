package org.oncrpckit.rpc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oncrpckit.rpc.client.Echo.ECHO;
import static org.oncrpckit.rpc.client.SimulatedWorld.CLIENT;
import static org.oncrpckit.rpc.client.SimulatedWorld.socket;
import static org.oncrpckit.rpc.client.SimulatedWorld.tcp;
import static org.oncrpckit.rpc.client.SimulatedWorld.udp;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.AuthStatus;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ReplyHeader;
import org.oncrpckit.rpc.simulation.SimulatedHost;
import org.oncrpckit.rpc.testing.TestSeed;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.xdr.XdrCodec;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrWriter;

/** Peers that answer wrongly, on purpose or not. */
class HostileReplyTest {
    private static final CallOptions OPTIONS =
            CallOptions.DEFAULT.withTimeLimit(Duration.ofSeconds(10));

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final RpcClient client = world.client().build();

    @AfterEach
    void nothingIsLeftBehind() {
        world.close(client);
    }

    @Test
    void replyFromAnotherAddressIsDropped() {
        Endpoint attacker = world.serveUdp(2, (endpoint, from, message) -> {});
        world.serveUdp(
                1, (endpoint, from, call) -> attacker.send(from, Echo.reply(xid(call), "evil")));
        world.awaitFailure(client.call(udp(1), ECHO, "hello", OPTIONS), RpcTimeoutException.class);
        assertThat(client.statistics().repliesForeign()).isEqualTo(4);
    }

    @Test
    void replyFromAnotherPortOfTheHostIsDropped() throws IOException {
        SimulatedHost host = world.network.host(SimulatedWorld.server(1));
        Endpoint other = host.bindDatagram(new InetSocketAddress(SimulatedWorld.server(1), 7));
        host.bindDatagram(socket(1))
                .receiveCalls(
                        (endpoint, from, call) -> {
                            other.send(from, Echo.reply(xid(call), "evil"));
                            endpoint.send(from, Echo.reply(call));
                        });
        assertThat(world.await(client.call(udp(1), ECHO, "hello", OPTIONS))).isEqualTo("hello");
        assertThat(client.statistics().repliesForeign()).isOne();
    }

    @Test
    void replyFromAnotherAddressIsTakenWhereThatIsAllowed() {
        Endpoint other = world.serveUdp(2, (endpoint, from, message) -> {});
        world.serveUdp(
                1, (endpoint, from, call) -> other.send(from, Echo.reply(xid(call), "right")));
        try (RpcClient trusting = world.client().acceptRepliesFromAnyAddress(true).build()) {
            assertThat(world.await(trusting.call(udp(1), ECHO, "hello", OPTIONS)))
                    .isEqualTo("right");
        }
    }

    @Test
    void replyFromAnotherPortIsTakenWhereTheCallAllowsItAndNoneFromAnotherHost()
            throws IOException {
        SimulatedHost host = world.network.host(SimulatedWorld.server(1));
        Endpoint port = host.bindDatagram(new InetSocketAddress(SimulatedWorld.server(1), 900));
        Endpoint stranger = world.serveUdp(2, (endpoint, from, message) -> {});
        host.bindDatagram(socket(1))
                .receiveCalls(
                        (endpoint, from, call) -> {
                            stranger.send(from, Echo.reply(xid(call), "evil"));
                            port.send(from, Echo.reply(xid(call), "right"));
                        });
        CallOptions anyPort = OPTIONS.withAnyReplyPort(true);
        assertThat(world.await(client.call(udp(1), ECHO, "hello", anyPort))).isEqualTo("right");
        assertThat(client.statistics().repliesForeign()).isOne();
        world.awaitFailure(client.call(udp(1), ECHO, "hello", OPTIONS), RpcTimeoutException.class);
    }

    @Test
    void replyOnAnotherEndpointIsDropped() throws IOException {
        Endpoint other = world.clientHost.bindDatagram(new InetSocketAddress(CLIENT, 900));
        client.attach(other);
        Endpoint used = world.clientHost.bindDatagram(new InetSocketAddress(CLIENT, 901));
        client.attach(used);
        world.serveUdp(
                1,
                (endpoint, from, call) ->
                        endpoint.send(other.localAddress(), Echo.reply(xid(call), "evil")));
        world.awaitFailure(
                client.callOn(used, socket(1), ECHO, "hello", OPTIONS), RpcTimeoutException.class);
        assertThat(client.statistics().repliesUnmatched()).isEqualTo(4);
    }

    @Test
    void lateAndDuplicateRepliesAreDropped() {
        world.serveUdp(
                1,
                (endpoint, from, call) -> {
                    endpoint.send(from, Echo.reply(call));
                    endpoint.send(from, Echo.reply(xid(call), "second"));
                    endpoint.send(from, Echo.reply(xid(call) + 1, "next"));
                });
        assertThat(world.await(client.call(udp(1), ECHO, "one", OPTIONS))).isEqualTo("one");
        world.time.advance(Duration.ofSeconds(1));
        assertThat(world.await(client.call(udp(1), ECHO, "two", OPTIONS))).isEqualTo("two");
        world.time.advance(Duration.ofSeconds(1));
        assertThat(client.statistics().repliesUnmatched()).isEqualTo(4);
    }

    @Test
    void malformedHeaderOverUdpIsDroppedAndTheNextReplyTaken() {
        world.serveUdp(
                1,
                (endpoint, from, call) -> {
                    ByteBuffer good = Echo.reply(call);
                    for (int length = 8; length < 24; length += 4) {
                        endpoint.send(from, good.duplicate().limit(length));
                    }
                    endpoint.send(from, Echo.reply(call).putInt(8, 7));
                    endpoint.send(from, Echo.reply(call).putInt(20, 99));
                    endpoint.send(from, Echo.reply(call).putInt(16, Integer.MAX_VALUE));
                    endpoint.send(from, good);
                });
        assertThat(world.await(client.call(udp(1), ECHO, "hello", OPTIONS))).isEqualTo("hello");
        assertThat(client.statistics().repliesMalformed()).isEqualTo(7);
    }

    @Test
    void malformedHeaderOverAStreamEndsTheCallAndNoOther() {
        world.serveTcp(
                1,
                (endpoint, from, call) -> {
                    ByteBuffer reply = Echo.reply(call);
                    endpoint.send(
                            from, Echo.argumentOf(call).equals("bad") ? reply.putInt(8, 7) : reply);
                });
        CompletableFuture<String> bad = client.call(tcp(1), ECHO, "bad", OPTIONS);
        CompletableFuture<String> good = client.call(tcp(1), ECHO, "good", OPTIONS);
        world.awaitFailure(bad, RpcBadReplyException.class);
        assertThat(world.await(good)).isEqualTo("good");
        assertThat(client.statistics().repliesMalformed()).isEqualTo(1);
    }

    @Test
    void announcedLengthIsNotBelieved() {
        world.serveUdp(
                1,
                (endpoint, from, call) ->
                        endpoint.send(from, Echo.reply(call).putInt(24, Integer.MAX_VALUE)));
        world.awaitFailure(client.call(udp(1), ECHO, "hello", OPTIONS), RpcBadReplyException.class);
    }

    @Test
    void bytesBehindTheResultsAreIgnored() {
        world.serveUdp(
                1,
                (endpoint, from, call) -> {
                    ByteBuffer good = Echo.reply(call);
                    endpoint.send(from, ByteBuffer.allocate(200).put(good).rewind());
                });
        assertThat(world.await(client.call(udp(1), ECHO, "hello", OPTIONS))).isEqualTo("hello");
    }

    @Test
    void callsAreNotRepliesAndRandomBytesAreNothing() {
        Random random = new Random(TestSeed.of(getClass()));
        world.serveUdp(
                1,
                (endpoint, from, call) -> {
                    endpoint.send(from, call);
                    for (int i = 0; i < 1_000; i++) {
                        byte[] noise = new byte[random.nextInt(64)];
                        random.nextBytes(noise);
                        ByteBuffer reply = ByteBuffer.wrap(noise);
                        if (noise.length >= 12) {
                            reply.putInt(0, xid(call)).putInt(4, 1);
                            // Nothing random may look like an answer that counts.
                            reply.putInt(8, 2 + random.nextInt(1_000));
                        }
                        endpoint.send(from, reply);
                    }
                    endpoint.send(from, Echo.reply(call));
                });
        assertThat(world.await(client.call(udp(1), ECHO, "hello", OPTIONS))).isEqualTo("hello");
        assertThat(client.statistics().repliesMalformed()).isPositive();
    }

    @Test
    void codecThatFailsEndsItsCallOnly() {
        world.serveUdp(
                1, (endpoint, from, call) -> endpoint.send(from, Echo.reply(xid(call), "x")));
        var broken =
                new Procedure<String, Object>(
                        Echo.PROGRAM, 1, "BROKEN", ECHO.arguments(), new BrokenCodec());
        RpcBadReplyException failure =
                world.awaitFailure(
                        client.call(udp(1), broken, "hello", OPTIONS), RpcBadReplyException.class);
        assertThat(failure).hasRootCauseInstanceOf(IllegalStateException.class);
    }

    private static final class BrokenCodec implements XdrCodec<Object> {
        @Override
        public void encode(XdrWriter writer, Object value) {
            throw new IllegalStateException("encode");
        }

        @Override
        public Object decode(XdrReader reader) {
            throw new IllegalStateException("decode");
        }
    }

    @Test
    void linkLocalPeersAreToldApartByScope() throws UnknownHostException {
        InetSocketAddress one = linkLocal(1);
        InetSocketAddress two = linkLocal(2);
        InetSocketAddress any = linkLocal(0);
        assertThat(one).isEqualTo(two);
        assertThat(ScopedAddress.matches(one, two, false)).isFalse();
        assertThat(ScopedAddress.matches(one, linkLocal(1), false)).isTrue();
        assertThat(ScopedAddress.matches(any, two, false)).isTrue();
        assertThat(ScopedAddress.matches(one, linkLocal(2), true)).as("any port").isFalse();
        assertThat(ScopedAddress.of(one)).isNotEqualTo(ScopedAddress.of(two));
        assertThat(ScopedAddress.matches(socket(1), socket(2), false)).isFalse();
    }

    private static InetSocketAddress linkLocal(int scope) throws UnknownHostException {
        byte[] bytes = new byte[16];
        bytes[0] = (byte) 0xfe;
        bytes[1] = (byte) 0x80;
        bytes[15] = 1;
        return new InetSocketAddress(Inet6Address.getByAddress("", bytes, scope), 111);
    }

    private static int xid(ByteBuffer call) {
        return Echo.xidOf(call);
    }

    @Test
    void rejectionFromAnotherAddressEndsNothing() {
        Endpoint attacker = world.serveUdp(2, (endpoint, from, message) -> {});
        world.serveUdp(
                1,
                (endpoint, from, call) -> {
                    attacker.send(
                            from,
                            Echo.reply(
                                    new ReplyHeader.AuthError(xid(call), AuthStatus.AUTH_TOOWEAK)));
                    endpoint.send(from, Echo.reply(call));
                });
        assertThat(world.await(client.call(udp(1), ECHO, "hello", OPTIONS))).isEqualTo("hello");
    }
}
