package org.oncrpckit.rpc.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.oncrpckit.rpc.simulation.SimulatedHost;
import org.oncrpckit.rpc.simulation.SimulatedNetwork;
import org.oncrpckit.rpc.simulation.VirtualTime;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.MessageReceiver;
import org.oncrpckit.rpc.transport.Messages;
import org.oncrpckit.rpc.transport.PortPolicy;

/** A simulated network with one host that calls, and as many that answer as a test adds. */
final class SimulatedWorld {
    static final InetAddress CLIENT = address("10.0.0.1");
    static final Duration MINUTE = Duration.ofMinutes(1);
    static final int PORT = 2049;

    final VirtualTime time = new VirtualTime();
    final SimulatedNetwork network;
    final SimulatedHost clientHost;

    SimulatedWorld(long seed) {
        network = new SimulatedNetwork(time, seed);
        clientHost = network.host(CLIENT);
    }

    RpcClient.Builder client() {
        return RpcClient.builder(network.platform(clientHost));
    }

    /** What the parts of a client share. */
    ClientContext context(ClientLimits limits) {
        return new ClientContext(
                network.platform(clientHost),
                limits,
                PortPolicy.ephemeral(),
                ConnectionPolicy.DEFAULT,
                false,
                endpoint -> {},
                new ClientEvents(RpcClientListener.NONE));
    }

    /** The n-th server's address. */
    static InetAddress server(int number) {
        return address("10.1.%d.%d".formatted(number / 250, number % 250 + 1));
    }

    static InetSocketAddress socket(int server) {
        return new InetSocketAddress(server(server), PORT);
    }

    static RpcTarget udp(int server) {
        return RpcTarget.udp(socket(server));
    }

    static RpcTarget tcp(int server) {
        return RpcTarget.tcp(socket(server));
    }

    /** Adds a host that answers over UDP. */
    Endpoint serveUdp(int server, MessageReceiver receiver) {
        try {
            Endpoint endpoint = network.host(server(server)).bindDatagram(socket(server));
            endpoint.receiveCalls(receiver);
            return endpoint;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a host that answers over TCP. */
    SimulatedHost serveTcp(int server, MessageReceiver receiver) {
        SimulatedHost host = network.host(server(server));
        listen(host, server, receiver);
        return host;
    }

    void listen(SimulatedHost host, int server, MessageReceiver receiver) {
        try {
            host.listen(socket(server), endpoint -> endpoint.receiveCalls(receiver));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends a client whose calls have all ended, and looks that it leaves no timer behind. */
    void close(RpcClient client) {
        assertThat(client.statistics().running()).isZero();
        client.close();
        time.advance(MINUTE);
        assertThat(time.pendingTasks()).isZero();
    }

    /** Lets time pass until the call has ended, and returns its results. */
    <R> R await(CompletableFuture<R> call) {
        assertThat(time.runUntil(call::isDone, Duration.ofHours(1))).isTrue();
        return call.join();
    }

    /** Lets time pass until the call has failed this way. */
    <E extends RpcException> E awaitFailure(CompletableFuture<?> call, Class<E> type) {
        assertThat(time.runUntil(call::isDone, Duration.ofHours(1))).isTrue();
        try {
            throw new AssertionError("no failure but " + call.join());
        } catch (CompletionException e) {
            assertThat(e.getCause()).isInstanceOf(type);
            return type.cast(e.getCause());
        }
    }

    static InetAddress address(String text) {
        return Messages.address(text);
    }
}
