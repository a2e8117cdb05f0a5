package org.oncrpckit.rpc.simulation;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.oncrpckit.rpc.simulation.SimulatedHost.Ending;
import org.oncrpckit.rpc.transport.CloseReason;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.EndpointStatistics;
import org.oncrpckit.rpc.transport.MessageReceiver;
import org.oncrpckit.rpc.transport.PeerCredential;
import org.oncrpckit.rpc.transport.Receivers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What simulated datagram sockets and connections share. */
abstract class SimulatedEndpoint implements Endpoint, SimulatedHost.Socket {
    private static final Logger LOG = LoggerFactory.getLogger(SimulatedEndpoint.class);

    /** Overwrites messages after delivery, to unmask receivers that keep the buffer. */
    private static final byte STALE = (byte) 0xdb;

    final SimulatedHost host;
    final SimulatedNetwork network;
    final Receivers receivers = new Receivers(SimulatedEndpoint::receiverFailed);
    private final SocketAddress local;
    private final CompletableFuture<CloseReason> closed = new CompletableFuture<>();

    private boolean open = true;

    SimulatedEndpoint(SimulatedHost host, SocketAddress local) {
        this.host = host;
        this.network = host.network();
        this.local = local;
    }

    /** Takes the endpoint out of its host, and tells its peer as the ending says. */
    abstract void release(Ending ending);

    /** Somebody is there to receive, or waits for what comes of a message. Idempotent. */
    abstract void startReading();

    @Override
    public final SocketAddress localAddress() {
        return local;
    }

    @Override
    public final void receiveCalls(MessageReceiver receiver) {
        receivers.attachCalls(receiver);
        startReading();
    }

    @Override
    public final void receiveReplies(MessageReceiver receiver) {
        receivers.attachReplies(receiver);
        startReading();
    }

    @Override
    public Optional<PeerCredential> peerCredential() {
        return Optional.empty();
    }

    @Override
    public final EndpointStatistics statistics() {
        return receivers.statistics();
    }

    @Override
    public final CompletionStage<CloseReason> closed() {
        return closed.minimalCompletionStage();
    }

    @Override
    public final void close() {
        end(CloseReason.LOCAL, Ending.FINISH);
    }

    @Override
    public final void end(CloseReason reason, Ending ending) {
        synchronized (network.lock) {
            if (!open) {
                return;
            }
            open = false;
            host.open().remove(this);
            release(ending);
        }
        closed.complete(reason);
    }

    final boolean isOpen() {
        network.checkLocked();
        return open;
    }

    /** Gives a message to its receiver, in a buffer that is of no use to it afterwards. */
    final void deliver(SocketAddress from, byte[] message) {
        byte[] lent = message.clone();
        try {
            receivers.deliver(this, from, ByteBuffer.wrap(lent).asReadOnlyBuffer());
        } finally {
            Arrays.fill(lent, STALE);
        }
    }

    static byte[] copy(ByteBuffer message) {
        byte[] bytes = new byte[message.remaining()];
        message.get(message.position(), bytes);
        return bytes;
    }

    @Override
    public String toString() {
        return "simulated " + transport() + " " + local + peer().map(to -> " to " + to).orElse("");
    }

    private static void receiverFailed(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        LOG.warn("a receiver failed", failure);
    }
}
