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

    void send(Endpoint endpoint, SocketAddress to, ReplyHeader reply) {
        XdrWriter writer = take();
        reply.encode(writer);
        send(endpoint, to, writer.toByteBuffer());
        giveBack(writer);
    }

    /**
     * Sends a reply. A connection that cannot take it is closed: the peer does not read, and would
     * wait for the lost reply for ever; connected again it finds it in the reply cache.
     */
    void send(Endpoint endpoint, SocketAddress to, ByteBuffer reply) {
        SendOutcome outcome = endpoint.send(to, reply);
        if (outcome == SendOutcome.SENT) {
            return;
        }
        events.replyNotSent(endpoint, to, outcome);
        if (endpoint.transport().isStream() && outcome != SendOutcome.CLOSED) {
            events.slowReader(endpoint);
            endpoint.close();
        }
    }
}
