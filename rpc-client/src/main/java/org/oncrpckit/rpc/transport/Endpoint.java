package org.oncrpckit.rpc.transport;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * One bound UDP socket, or one TCP or UNIX-domain connection. It carries calls and replies both
 * ways: the message type of what arrives (RFC 5531 section 9) decides which receiver gets it. A
 * message whose receiver is not attached, that is too short to have a type, or whose type is
 * neither call nor reply, is dropped and counted.
 *
 * <p>Thread-safe. Nothing here blocks.
 */
public interface Endpoint extends AutoCloseable {
    /** What happened to a message given to {@link #send}. */
    enum SendOutcome {
        /** Handed to the socket or to its bounded write queue. */
        SENT,
        /** The write queue or the socket buffer is full; the message was dropped and counted. */
        CONGESTED,
        /** The socket refused it: too long, no route, address family; dropped and counted. */
        REFUSED,
        /** The endpoint is closed. */
        CLOSED
    }

    /** What carries the messages. */
    Transport transport();

    /** The bound address, with the real port. */
    SocketAddress localAddress();

    /** The other end of a connection; empty for a UDP socket. */
    Optional<SocketAddress> peer();

    /**
     * Sends one whole message, without record mark: the bytes from position to limit, both of which
     * stay where they are. The bytes are the caller's again on return. What is sent while a
     * receiver runs on this endpoint's I/O thread may leave together with what follows, when the
     * receiver has returned.
     *
     * @param to where to; a connection ignores it
     */
    SendOutcome send(SocketAddress to, ByteBuffer message);

    /**
     * Attaches the receiver of calls.
     *
     * @throws IllegalStateException when there is one already
     */
    void receiveCalls(MessageReceiver receiver);

    /**
     * Attaches the receiver of replies.
     *
     * @throws IllegalStateException when there is one already
     */
    void receiveReplies(MessageReceiver receiver);

    /**
     * Stops reading a connection until {@link #resumeReading}: back-pressure. Called by a receiver,
     * on the I/O thread, nothing more is delivered; from elsewhere, what is being delivered at the
     * moment may still be. A UDP socket ignores it.
     */
    void suspendReading();

    /** Ends {@link #suspendReading}. */
    void resumeReading();

    /**
     * Bytes that wait because the peer of a connection does not read fast enough: 0 while the
     * socket takes what is sent, and from the first time that it does not, all that is queued until
     * the queue is empty. Always 0 for a UDP socket, which drops instead.
     */
    default int backlogBytes() {
        return 0;
    }

    /**
     * Memory in bytes that holds the beginning of a message whose rest has not arrived: the peer
     * decides how long. 0 at the end of the connection, and always for a UDP socket.
     */
    default int gatheredBytes() {
        return 0;
    }

    /**
     * Sets who is told that {@link #backlogBytes} or {@link #gatheredBytes} may have changed: after
     * each send that made the first grow or was CONGESTED, whenever the peer has taken some of it,
     * after each read that changed the second, and at the end of the connection. On any thread and
     * under no lock; it must not block.
     *
     * @throws IllegalStateException when there is somebody already
     */
    default void onBacklogChange(Runnable listener) {}

    /**
     * Says that something received will be answered later. A connection whose peer has ended its
     * sending side is kept until all that was begun so has ended and was written, for a limit of
     * the implementation's own at most; without anything begun it is closed once what was sent has
     * left. Default, and over UDP: does nothing.
     */
    default void beginAnswer() {}

    /** Ends one {@link #beginAnswer}, after the answer was sent, or when there will be none. */
    default void endAnswer() {}

    /** Who connected over a UNIX-domain socket (SO_PEERCRED); empty elsewhere. */
    Optional<PeerCredential> peerCredential();

    /** What went through so far. */
    EndpointStatistics statistics();

    /**
     * Completes when the endpoint is closed, by whichever side and for whatever reason; completed
     * on an I/O thread or on the closer's. Never completes exceptionally.
     */
    CompletionStage<CloseReason> closed();

    /**
     * Closes a connection once everything sent before has left, for a server that has given its
     * last replies. Nothing more is read, and what is sent from now on is refused with CLOSED. A
     * peer that does not read is no reason to stay open for long: implementations with a write
     * queue give up after a limit of their own. This default, for endpoints without one, closes at
     * once.
     */
    default void closeAfterWriting() {
        close();
    }

    /** Closes at once; what waits in the write queue is lost. Idempotent. */
    @Override
    void close();
}
