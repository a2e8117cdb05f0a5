package org.oncrpckit.rpc.server;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.ReplyHeader;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Endpoint.SendOutcome;
import org.oncrpckit.xdr.XdrWriter;

/** Encodes replies into memory that each thread uses again, and hands them to endpoints. */
final class ReplySender {
    /** A writer that has grown beyond this is not kept. */
    private static final int KEPT_BYTES_MAX = 64 << 10;

    /**
     * How often an endpoint may say that it is congested, and then that nothing waits. Ours do so
     * when they are just getting empty; one that always does has no queue to wait for.
     */
    private static final int ATTEMPTS_MAX = 1_000;

    private final int replyBytesMax;
    private final ServerEvents events;

    /** Not static: the writers of each server have its limit. */
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<@Nullable XdrWriter> spare = new ThreadLocal<>();

    ReplySender(int replyBytesMax, ServerEvents events) {
        this.replyBytesMax = replyBytesMax;
        this.events = events;
    }

    /** An empty writer for one reply; give it back. */
    XdrWriter take() {
        XdrWriter writer = spare.get();
        if (writer == null) {
            return new XdrWriter(XdrWriter.DEFAULT_CAPACITY_BYTES, replyBytesMax);
        }
        // A listener or an action after the reply may answer another call on this thread.
        spare.set(null);
        return writer;
    }

    void giveBack(XdrWriter writer) {
        if (writer.position() <= KEPT_BYTES_MAX) {
            writer.clear();
            spare.set(writer);
        }
    }

    void send(ServedEndpoint origin, SocketAddress to, ReplyHeader reply) {
        XdrWriter writer = take();
        reply.encode(writer);
        send(origin, to, writer.view());
        giveBack(writer);
    }

    /**
     * Sends a reply. What a connection has no room for waits at its gate; the bytes are the
     * caller's again on return.
     */
    void send(ServedEndpoint origin, SocketAddress to, ByteBuffer reply) {
        SendOutcome outcome = origin.endpoint().send(to, reply);
        if (outcome == SendOutcome.SENT) {
            return;
        }
        if (outcome == SendOutcome.CONGESTED && origin.endpoint().transport().isStream()) {
            ByteBuffer copy = ByteBuffer.allocate(reply.remaining()).put(reply.duplicate()).flip();
            hold(origin, to, copy, 1);
        } else {
            notSent(origin.endpoint(), to, outcome);
        }
    }

    private void hold(ServedEndpoint origin, SocketAddress to, ByteBuffer reply, int attempts) {
        origin.gate().hold(reply.remaining(), () -> sendAgain(origin, to, reply, attempts));
    }

    private void sendAgain(ServedEndpoint origin, SocketAddress to, ByteBuffer reply, int before) {
        SendOutcome outcome = origin.endpoint().send(to, reply);
        if (outcome == SendOutcome.CONGESTED && before < ATTEMPTS_MAX) {
            hold(origin, to, reply, before + 1);
        } else if (outcome != SendOutcome.SENT) {
            notSent(origin.endpoint(), to, outcome);
        }
    }

    /**
     * A connection that does not take a reply is closed: the peer would wait for it for ever;
     * connected again it finds it in the reply cache.
     */
    private void notSent(Endpoint endpoint, SocketAddress to, SendOutcome outcome) {
        events.replyNotSent(endpoint, to, outcome);
        if (endpoint.transport().isStream() && outcome != SendOutcome.CLOSED) {
            events.slowReader(endpoint);
            endpoint.close();
        }
    }
}
