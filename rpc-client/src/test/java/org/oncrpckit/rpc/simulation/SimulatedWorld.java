package org.oncrpckit.rpc.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.oncrpckit.rpc.transport.Messages;
import org.oncrpckit.rpc.transport.Network;
import org.oncrpckit.rpc.transport.TestWorld;

/** Two simulated hosts. */
final class SimulatedWorld implements TestWorld {
    private final VirtualTime time = new VirtualTime();
    private final SimulatedNetwork network = new SimulatedNetwork(time, 1);
    private final SimulatedHost server;
    private final SimulatedHost client;
    private final SocketAddress serverAddress;
    private final SocketAddress clientAddress;

    SimulatedWorld(String serverLiteral, String clientLiteral) {
        server = network.host(Messages.address(serverLiteral));
        client = network.host(Messages.address(clientLiteral));
        serverAddress = new InetSocketAddress(Messages.address(serverLiteral), 0);
        clientAddress = new InetSocketAddress(Messages.address(clientLiteral), 0);
    }

    /** One host, and a path on it. */
    SimulatedWorld(SocketAddress path) {
        server = network.host(Messages.address("10.0.0.1"));
        client = server;
        serverAddress = path;
        clientAddress = new InetSocketAddress(Messages.address("10.0.0.1"), 0);
    }

    @Override
    public Network server() {
        return server;
    }

    @Override
    public Network client() {
        return client;
    }

    @Override
    public SocketAddress serverAddress() {
        return serverAddress;
    }

    @Override
    public SocketAddress clientAddress() {
        return clientAddress;
    }

    @Override
    public boolean allowsPrivilegedPorts() {
        return true;
    }

    @Override
    public void await(BooleanSupplier condition) {
        assertThat(time.runUntil(condition, Duration.ofMinutes(1))).isTrue();
    }

    @Override
    public void settle() {
        time.advance(Duration.ofSeconds(1));
    }

    @Override
    public void close() {}
}
