package org.oncrpckit.rpc.server;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.MessageReceiver;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrReader;

/** An endpoint that a server takes calls from and answers on, and whether it is being read. */
final class ServedEndpoint implements MessageReceiver {
    private final Endpoint endpoint;
    private final SocketAddress local;
    private final Dispatcher dispatcher;
    private final ServerParts parts;
    private final ConnectionGate gate;

    /** Reads one call after the other; see {@link #reader}. */
    private final XdrReader reader = XdrReader.of(Opaque.EMPTY);

    /** Stands for the peer of a UNIX-domain connection, and outlives it at little cost. */
    private final Object nameless = new Object();

    /** How many calls must end before the connection is read again. */
    @GuardedBy("this")
    private int holds;

    ServedEndpoint(Endpoint endpoint, Dispatcher dispatcher, ServerParts parts) {
        this.endpoint = endpoint;
        this.local = endpoint.localAddress();
        this.dispatcher = dispatcher;
        this.parts = parts;
        this.gate =
                new ConnectionGate(this, endpoint.peer().map(this::hostOf).orElse(nameless), parts);
    }

    /**
     * Takes calls from an endpoint from now on.
     *
     * @throws IllegalStateException when it has a receiver of calls already
     */
    static void serve(Endpoint endpoint, Dispatcher dispatcher, ServerParts parts) {
        ServedEndpoint served = new ServedEndpoint(endpoint, dispatcher, parts);
        if (endpoint.transport().isStream()) {
            endpoint.onBacklogChange(served.gate::backlogChanged);
        }
        endpoint.receiveCalls(served);
    }

    @Override
    public void received(Endpoint where, SocketAddress from, ByteBuffer message) {
        dispatcher.received(this, from, message);
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** What calls and replies wait for when the peer does not read; always open over UDP. */
    ConnectionGate gate() {
        return gate;
    }

    ServerParts parts() {
        return parts;
    }

    /**
     * Reads the message that is being received. It belongs to the I/O thread until {@link
     * #received} returns, and reads the next message afterwards: handlers never see it, decoders
     * have no further use for it, and whoever wants the bytes later copies them.
     */
    XdrReader reader() {
        return reader;
    }

    SocketAddress local() {
        return local;
    }

    /**
     * Whose limits a caller counts against: its address without the port. A UNIX-domain connection
     * has no address and counts for itself.
     */
    Object hostOf(SocketAddress peer) {
        return peer instanceof InetSocketAddress inet && !inet.isUnresolved()
                ? inet.getAddress()
                : nameless;
    }

    /**
     * A reply will come later: should the peer end its side, it is waited for. Not over UNIX-domain
     * sockets, whose end tells that a process of this host is gone; and nobody shall learn of that
     * late.
     */
    void beginAnswer() {
        if (endpoint.transport() == Transport.TCP) {
            endpoint.beginAnswer();
        }
    }

    /** Ends one {@link #beginAnswer}. */
    void endAnswer() {
        if (endpoint.transport() == Transport.TCP) {
            endpoint.endAnswer();
        }
    }

    /** Stops reading until {@link #release}. */
    synchronized void hold() {
        if (holds++ == 0) {
            endpoint.suspendReading();
        }
    }

    synchronized void release() {
        if (--holds == 0) {
            endpoint.resumeReading();
        }
    }
}
