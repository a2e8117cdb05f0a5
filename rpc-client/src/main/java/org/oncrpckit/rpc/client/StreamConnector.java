package org.oncrpckit.rpc.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Network;
import org.oncrpckit.rpc.transport.PortPolicy;

/** Opens connections from the local addresses and ports that the client may use. Thread-safe. */
final class StreamConnector {
    private final ClientContext context;

    StreamConnector(ClientContext context) {
        this.context = context;
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
