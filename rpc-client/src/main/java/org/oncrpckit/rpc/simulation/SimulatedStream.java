package org.oncrpckit.rpc.simulation;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.attribute.GroupPrincipal;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.simulation.SimulatedHost.Ending;
import org.oncrpckit.rpc.simulation.TraceEvent.Fate;
import org.oncrpckit.rpc.transport.PeerCredential;
import org.oncrpckit.rpc.transport.Transport;

/** One end of a TCP or UNIX-domain connection in the simulation. */
final class SimulatedStream extends SimulatedEndpoint {
    /** User and group of every simulated process. */
    private record Everybody(String getName) implements GroupPrincipal {
        static final PeerCredential CREDENTIAL =
                new PeerCredential(new Everybody("simulated"), new Everybody("simulated"));
    }

    private final SocketAddress peer;

    /** Whether this end has a port of its own: accepted connections share their listener's. */
    private final boolean ownsPort;

    private @Nullable StreamWire outbound;

    private @Nullable StreamWire inbound;

    /** Whether anything is read at all: not before somebody is there to receive it. */
    private boolean reading;

    private boolean suspended;

    private volatile @Nullable Runnable backlogListener;

    private SimulatedStream(
            SimulatedHost host, SocketAddress local, SocketAddress peer, boolean ownsPort) {
        super(host, local);
        this.peer = peer;
        this.ownsPort = ownsPort;
    }

    /** Both ends of a new connection. */
    record Pair(SimulatedStream client, SimulatedStream server) {}

    /**
     * Makes a connection and enters both ends at their hosts.
     *
     * @param openNanos nothing reaches the client's end before
     */
    static Pair connect(
            SimulatedHost clientHost,
            SocketAddress clientAddress,
            SimulatedListener listener,
            SocketAddress serverAddress,
            long openNanos) {
        SimulatedStream client =
                new SimulatedStream(clientHost, clientAddress, serverAddress, true);
        SimulatedStream server =
                new SimulatedStream(listener.host(), serverAddress, clientAddress, false);
        synchronized (client.network.lock) {
            StreamWire there = new StreamWire(client, server, openNanos);
            StreamWire back = new StreamWire(server, client, openNanos);
            client.outbound = there;
            client.inbound = back;
            server.outbound = back;
            server.inbound = there;
            clientHost.open().add(client);
            listener.host().open().add(server);
            if (clientAddress instanceof InetSocketAddress inet) {
                clientHost.tcp().add(inet, client);
            }
        }
        return new Pair(client, server);
    }

    @Override
    public Transport transport() {
        return localAddress() instanceof InetSocketAddress ? Transport.TCP : Transport.UNIX;
    }

    @Override
    public Optional<SocketAddress> peer() {
        return Optional.of(peer);
    }

    @Override
    public Optional<PeerCredential> peerCredential() {
        return transport() == Transport.UNIX ? Optional.of(Everybody.CREDENTIAL) : Optional.empty();
    }

    @Override
    public SendOutcome send(SocketAddress to, ByteBuffer message) {
        startReading();
        byte[] bytes = copy(message);
        SendOutcome outcome;
        synchronized (network.lock) {
            outcome = isOpen() ? outbound().write(bytes) : SendOutcome.CLOSED;
        }
        switch (outcome) {
            case SENT -> trace(Fate.SENT, bytes);
            case CONGESTED -> trace(Fate.CONGESTED, bytes);
            case REFUSED -> trace(Fate.REFUSED, bytes);
            case CLOSED -> {}
        }
        return count(outcome);
    }

    private void trace(Fate fate, byte[] bytes) {
        network.trace(fate, transport(), localAddress(), peer, bytes);
    }

    @Override
    protected void startReading() {
        synchronized (network.lock) {
            if (!reading) {
                reading = true;
                pumpInbound();
            }
        }
    }

    @Override
    public void suspendReading() {
        synchronized (network.lock) {
            suspended = true;
        }
    }

    @Override
    public void resumeReading() {
        synchronized (network.lock) {
            suspended = false;
            pumpInbound();
        }
    }

    @Override
    public int backlogBytes() {
        synchronized (network.lock) {
            return outbound().backlogBytes();
        }
    }

    @Override
    public void onBacklogChange(Runnable listener) {
        if (backlogListener != null) {
            throw new IllegalStateException("somebody is told of the backlog already");
        }
        backlogListener = listener;
    }

    void backlogChanged() {
        Runnable listener = backlogListener;
        if (listener != null) {
            listener.run();
        }
    }

    private void pumpInbound() {
        network.checkLocked();
        Objects.requireNonNull(inbound, "inbound").pumpSoon();
    }

    boolean isReading() {
        network.checkLocked();
        return reading && !suspended;
    }

    private StreamWire outbound() {
        network.checkLocked();
        return Objects.requireNonNull(outbound, "outbound");
    }

    @Override
    void release(Ending ending) {
        network.checkLocked();
        if (ownsPort && localAddress() instanceof InetSocketAddress inet) {
            host.tcp().remove(inet, this);
        }
        switch (ending) {
            case FINISH -> outbound().finish();
            case RESET -> outbound().reset();
            case SILENCE -> outbound().drop();
        }
    }
}
