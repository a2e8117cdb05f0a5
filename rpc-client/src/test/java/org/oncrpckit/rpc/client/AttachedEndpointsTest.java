package org.oncrpckit.rpc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.oncrpckit.rpc.client.Echo.ECHO;
import static org.oncrpckit.rpc.client.SimulatedWorld.CLIENT;
import static org.oncrpckit.rpc.client.SimulatedWorld.address;
import static org.oncrpckit.rpc.client.SimulatedWorld.socket;
import static org.oncrpckit.rpc.client.SimulatedWorld.udp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.transport.Endpoint;

/** Sockets that somebody else has opened: which calls leave from them, and whose they stay. */
class AttachedEndpointsTest {
    private static final InetAddress ANY = address("0.0.0.0");

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final List<Integer> ports = new ArrayList<>();
    private final RpcClient client = world.client().build();

    @BeforeEach
    void serve() {
        world.serveUdp(
                1,
                (endpoint, from, call) -> {
                    ports.add(((InetSocketAddress) from).getPort());
                    endpoint.send(from, Echo.reply(call));
                });
    }

    @AfterEach
    void nothingIsLeftBehind() {
        world.close(client);
    }

    private Endpoint bind(InetAddress address, int port) throws IOException {
        return world.clientHost.bindDatagram(new InetSocketAddress(address, port));
    }

    private void call(RpcTarget target) {
        assertThat(world.await(client.call(target, ECHO, "hello", CallOptions.DEFAULT)))
                .isEqualTo("hello");
    }

    @Test
    void wildcardServesTargetsThatNameNoSource() throws IOException {
        client.attach(bind(ANY, 900));
        call(udp(1));
        call(udp(1).from(CLIENT));
        assertThat(ports.get(0)).isEqualTo(900);
        assertThat(ports.get(1)).as("a source that is named is meant").isNotEqualTo(900);
    }

    @Test
    void socketOfTheVeryAddressComesBeforeTheWildcard() throws IOException {
        client.attach(bind(ANY, 900));
        client.attach(bind(CLIENT, 901));
        call(udp(1));
        assertThat(ports).containsExactly(901);
    }

    @Test
    void firstOfSeveralServesTheTargetsAndTheOthersWhoNamesThem() throws IOException {
        Endpoint first = bind(CLIENT, 900);
        Endpoint second = bind(CLIENT, 901);
        client.attach(first);
        client.attach(second);
        call(udp(1));
        world.await(client.callOn(second, socket(1), ECHO, "hello", CallOptions.DEFAULT));
        world.await(client.sendOn(second, socket(1), ECHO, "hello", CallOptions.DEFAULT));
        world.time.advance(SimulatedWorld.MINUTE);
        assertThat(ports).containsExactly(900, 901, 901);
    }

    @Test
    void attachedSocketsStayOpenWhenTheClientIsClosed() throws IOException {
        Endpoint socket = bind(CLIENT, 900);
        client.attach(socket);
        call(udp(1));
        client.close();
        assertThat(socket.closed().toCompletableFuture()).isNotDone();
    }

    @Test
    void socketWhoseRepliesSomebodyTakesIsRefused() throws IOException {
        Endpoint socket = bind(CLIENT, 900);
        socket.receiveReplies((endpoint, from, reply) -> {});
        assertThatIllegalStateException()
                .isThrownBy(() -> client.attach(socket))
                .withMessageContaining("replies");
        call(udp(1));
        assertThat(ports.get(0)).isNotEqualTo(900);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> client.callOn(socket, socket(1), ECHO, "hello", CallOptions.DEFAULT));
    }

    @Test
    void closedClientTakesNoMore() throws IOException {
        Endpoint socket = bind(CLIENT, 900);
        client.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> client.attach(socket))
                .withMessage("client closed");
    }

    @Test
    void socketsThatTheClientOpensAreToldOfAndCanBeNamed() {
        List<Endpoint> opened = new ArrayList<>();
        try (RpcClient telling = world.client().onOpened(opened::add).build()) {
            world.await(telling.call(udp(1), ECHO, "hello", CallOptions.DEFAULT));
            assertThat(opened).hasSize(1);
            world.await(
                    telling.callOn(opened.get(0), socket(1), ECHO, "hello", CallOptions.DEFAULT));
            assertThat(telling.statistics().endpoints()).isOne();
        }
        assertThat(ports).hasSize(2);
        assertThat(ports.get(1)).isEqualTo(ports.get(0));
        assertThat(opened.get(0).closed().toCompletableFuture()).isDone();
    }
}
