package org.oncrpckit.rpc.simulation;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.oncrpckit.rpc.simulation.SimulatedHost.Ending;
import org.oncrpckit.rpc.transport.CloseReason;
import org.oncrpckit.rpc.transport.PeerCredential;
import org.oncrpckit.rpc.transport.ReceivingEndpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What simulated datagram sockets and connections share. */
abstract class SimulatedEndpoint extends ReceivingEndpoint implements SimulatedHost.Socket {
    private static final Logger LOG = LoggerFactory.getLogger(SimulatedEndpoint.class);

    /** Overwrites messages after delivery, to unmask receivers that keep the buffer. */
    private static final byte STALE = (byte) 0xdb;

    final SimulatedHost host;
    final SimulatedNetwork network;

    private boolean open = true;

    SimulatedEndpoint(SimulatedHost host, SocketAddress local) {
        super(local, SimulatedEndpoint::receiverFailed);
        this.host = host;
        this.network = host.network();
    }

    /** Takes the endpoint out of its host, and tells its peer as the ending says. */
    abstract void release(Ending ending);

    @Override
    public Optional<PeerCredential> peerCredential() {
        return Optional.empty();
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
        completeClosed(reason);
    }

    final boolean isOpen() {
        network.checkLocked();
        return open;
    }

    /** Gives a message to its receiver, in a buffer that is of no use to it afterwards. */
    final void hand(SocketAddress from, byte[] message) {
        byte[] lent = message.clone();
        try {
            deliver(from, ByteBuffer.wrap(lent).asReadOnlyBuffer());
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
        return "simulated " + super.toString();
    }

    private static void receiverFailed(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        LOG.warn("a receiver failed", failure);
    }
}
