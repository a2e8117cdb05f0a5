package org.oncrpckit.rpc.server.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.oncrpckit.rpc.server.host.ChangingHost.address;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.simulation.SimulatedHost;
import org.oncrpckit.rpc.simulation.SimulatedNetwork;
import org.oncrpckit.rpc.simulation.VirtualTime;

/** Numbers that are free on the first of two addresses and taken on the second. */
class PortSearchTest {
    private static final InetAddress FIRST = address("10.0.0.1");
    private static final InetAddress SECOND = address("10.0.0.2");
    private static final int PRIVILEGED_MIN = 512;
    private static final int PRIVILEGED_MAX = 1023;
    private static final int PORT_MAX = 65_535;

    private final SimulatedNetwork network =
            new SimulatedNetwork(new VirtualTime(), Long.getLong("seed", 958L));
    private final SimulatedHost host = network.host(FIRST, SECOND);

    private ServicePort open() throws StartupException {
        return ServicePort.builder(
                        network.platform(host), RpcServer.builder(network.platform(host)).build())
                .addresses(ListenAddresses.of(List.of(FIRST, SECOND)))
                .open();
    }

    private void take(int from, int to) throws IOException {
        for (int port = from; port <= to; port++) {
            host.listen(new InetSocketAddress(SECOND, port), connection -> {});
        }
    }

    @Test
    void searchGoesOnBelowManyNumbersThatAreTaken() throws Exception {
        take(600, PRIVILEGED_MAX);
        ServicePort port = open();
        assertThat(port.number()).isBetween(PRIVILEGED_MIN, 599);
        assertThat(port.addresses()).containsExactly(FIRST, SECOND);
    }

    @Test
    void withoutAPrivilegedNumberAnyOtherServes() throws Exception {
        take(PRIVILEGED_MIN, PRIVILEGED_MAX);
        assertThat(open().number()).isGreaterThan(PRIVILEGED_MAX);
    }

    @Test
    void numbersThatWereTriedInVainAreFreeAgainAtTheFirstAddress() throws Exception {
        take(PRIVILEGED_MIN, PORT_MAX);
        assertThatThrownBy(this::open)
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("no port is free on all of")
                .hasMessageContaining("already in use");
        host.bindDatagram(new InetSocketAddress(FIRST, PRIVILEGED_MAX));
    }
}
