package org.oncrpckit.rpc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oncrpckit.rpc.client.Echo.ECHO;
import static org.oncrpckit.rpc.client.SimulatedWorld.CLIENT;
import static org.oncrpckit.rpc.client.SimulatedWorld.tcp;
import static org.oncrpckit.rpc.client.SimulatedWorld.udp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.MessageReceiver;
import org.oncrpckit.rpc.transport.PortPolicy;

/** Which local ports calls leave from. */
class LocalPortsTest {
    private static final CallOptions OPTIONS =
            CallOptions.DEFAULT.withTimeLimit(Duration.ofSeconds(10));

    /** Whatever this host's own list says. */
    private static final PortPolicy PRIVILEGED = new PortPolicy.Privileged(Set.of());

    private final SimulatedWorld world = new SimulatedWorld(1);
    private final List<Integer> ports = new ArrayList<>();
    private final MessageReceiver recorder =
            (endpoint, from, call) -> {
                ports.add(portOf(from));
                endpoint.send(from, Echo.reply(call));
            };

    private static int portOf(SocketAddress address) {
        return ((InetSocketAddress) address).getPort();
    }

    @Test
    void onePrivilegedPortServesAllHosts() throws IOException {
        world.clientHost.bindDatagram(new InetSocketAddress(CLIENT, 1023));
        try (RpcClient client = world.client().localPorts(PRIVILEGED).build()) {
            for (int host = 0; host < 1_000; host++) {
                world.serveUdp(host, recorder);
                world.await(client.call(udp(host), ECHO, "hello", OPTIONS));
            }
            assertThat(client.statistics().endpoints()).isEqualTo(1);
        }
        assertThat(ports).hasSize(1_000).containsOnly(1022);
    }

    @Test
    void connectionsLeaveFromPrivilegedPortsToo() {
        try (RpcClient client = world.client().localPorts(PRIVILEGED).build()) {
            for (int host = 0; host < 3; host++) {
                world.serveTcp(host, recorder);
                world.await(client.call(tcp(host), ECHO, "hello", OPTIONS));
            }
        }
        assertThat(ports).hasSize(3).allMatch(port -> port < 1024);
    }

    @Test
    void fixedPortIsForUdpOnly() {
        world.serveUdp(0, recorder);
        world.serveTcp(1, recorder);
        try (RpcClient client = world.client().localPorts(PortPolicy.fixed(800)).build()) {
            world.await(client.call(udp(0), ECHO, "hello", OPTIONS));
            world.await(client.call(tcp(1), ECHO, "hello", OPTIONS));
        }
        assertThat(ports.get(0)).isEqualTo(800);
        assertThat(ports.get(1)).isGreaterThan(1023);
    }

    @Test
    void portThatIsTakenFailsTheCallAndIsTriedAgainForTheNext() throws IOException {
        world.serveUdp(0, recorder);
        var taken = world.clientHost.bindDatagram(new InetSocketAddress(CLIENT, 800));
        try (RpcClient client = world.client().localPorts(PortPolicy.fixed(800)).build()) {
            RpcUnreachableException failure =
                    world.awaitFailure(
                            client.call(udp(0), ECHO, "hello", OPTIONS),
                            RpcUnreachableException.class);
            assertThat(failure).hasMessageContaining("800");
            taken.close();
            assertThat(world.await(client.call(udp(0), ECHO, "hello", OPTIONS))).isEqualTo("hello");
        }
    }

    @Test
    void socketThatWasClosedWhenItWasAttachedIsNotCalledFrom() throws IOException {
        world.serveUdp(0, recorder);
        Endpoint closed = world.clientHost.bindDatagram(new InetSocketAddress(CLIENT, 800));
        closed.close();
        try (RpcClient client = world.client().build()) {
            client.attach(closed);
            assertThat(world.await(client.call(udp(0), ECHO, "hello", OPTIONS))).isEqualTo("hello");
        }
        assertThat(ports.get(0)).isNotEqualTo(800);
    }
}
