package org.oncrpckit.rpc.simulation;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.oncrpckit.rpc.transport.Transport;

/**
 * Something that happened to a message in the simulated network.
 *
 * @param nanos when, as {@link VirtualTime#nanoTime}
 * @param fate what happened
 * @param transport what carried it
 * @param from local address of the endpoint that sent it
 * @param to where it was sent
 * @param message the whole message, without record mark; read-only
 */
public record TraceEvent(
        long nanos,
        Fate fate,
        Transport transport,
        SocketAddress from,
        SocketAddress to,
        ByteBuffer message) {
    /** What happened. Each send makes one event; what was sent makes further ones later. */
    public enum Fate {
        /** An endpoint sent it. */
        SENT,
        /** The network made a second copy of a datagram. */
        DUPLICATED,
        /** The network lost a datagram: by chance, by a cut, or because its host is down. */
        LOST,
        /** A datagram came to a host where nobody has bound its port. */
        UNBOUND,
        /** It was given to the endpoint it was sent to. */
        DELIVERED,
        /** Not sent: the write queue is full. */
        CONGESTED,
        /** Not sent: too long, no route, or the wrong family of address. */
        REFUSED
    }
}
