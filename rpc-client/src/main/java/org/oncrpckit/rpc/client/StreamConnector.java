package org.oncrpckit.rpc.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.oncrpckit.rpc.transport.CloseReason;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Network;
import org.oncrpckit.rpc.transport.PortPolicy;

/**
 * Opens connections from the local addresses and ports that the client may use, so many at the
 * most. Thread-safe.
 */
final class StreamConnector {
    private final ClientContext context;
    private final NamedEndpoints endpoints;
    private final AtomicInteger connections = new AtomicInteger();

    StreamConnector(ClientContext context, NamedEndpoints endpoints) {
        this.context = context;
        this.endpoints = endpoints;
    }

    /** Counts a connection that is about to be opened; false when there are too many. */
    boolean admit() {
        if (connections.incrementAndGet() > context.limits().connections()) {
            connections.decrementAndGet();
            return false;
        }
        return true;
    }

    /** A connection that was admitted has come to its end, or was never made. */
    void gone() {
        connections.decrementAndGet();
    }

    /** Open connections, those being opened included. */
    int connections() {
        return connections.get();
    }

    /**
     * Makes a connection usable for calls.
     *
     * @param closed called once with the channel when the connection closes
     * @throws RuntimeException what was thrown by whoever was told of it; it is closed
     */
    CallChannel open(
            Endpoint connection, StreamPeer peer, BiConsumer<CallChannel, CloseReason> closed) {
        return endpoints.open(connection, peer, closed);
    }

    /** Connects within the policy's time limit; cancelling the future ends the attempt. */
    CompletableFuture<Endpoint> connect(RpcTarget target) {
        Network network = context.platform().network();
        Duration limit = context.connections().connectTimeLimit();
        InetAddress source = target.source();
        if (!(target.address() instanceof InetSocketAddress remote)) {
            return network.connect(target.address(), null, limit);
        }
        if (!(context.ports() instanceof PortPolicy.Privileged privileged)) {
            // A fixed port could hold one connection to a host, and none right after it closed.
            return network.connect(
                    remote, source == null ? null : new InetSocketAddress(source, 0), limit);
        }
        try {
            InetAddress from = source == null ? network.sourceFor(remote.getAddress()) : source;
            return privileged.connect(network, remote, from, limit);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
