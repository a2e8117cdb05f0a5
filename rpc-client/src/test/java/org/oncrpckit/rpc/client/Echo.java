package org.oncrpckit.rpc.client;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.oncrpckit.rpc.CallHeader;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.ReplyHeader;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.MessageReceiver;
import org.oncrpckit.xdr.XdrCodecs;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrWriter;

/** A server whose one procedure returns its argument; it remembers the xids that it met. */
final class Echo implements MessageReceiver {
    static final ProgramVersion PROGRAM = new ProgramVersion(0x2000_0001, 1);

    static final Procedure<String, String> ECHO =
            new Procedure<>(PROGRAM, 1, "ECHO", XdrCodecs.string(60_000), XdrCodecs.string(60_000));

    private final List<Integer> xids = new ArrayList<>();

    @Override
    public synchronized void received(Endpoint endpoint, SocketAddress from, ByteBuffer message) {
        xids.add(message.getInt(message.position()));
        endpoint.send(from, reply(message));
    }

    /** The xids of the calls so far, copies included. */
    synchronized List<Integer> xids() {
        return List.copyOf(xids);
    }

    /** The right reply to a call. */
    static ByteBuffer reply(ByteBuffer call) {
        return reply(xidOf(call), argumentOf(call));
    }

    static ByteBuffer reply(int xid, String text) {
        XdrWriter writer = new XdrWriter();
        ReplyHeader.success(xid).encode(writer);
        XdrCodecs.string(60_000).encode(writer, text);
        return writer.toByteBuffer();
    }

    static ByteBuffer reply(ReplyHeader header) {
        XdrWriter writer = new XdrWriter();
        header.encode(writer);
        return writer.toByteBuffer();
    }

    static int xidOf(ByteBuffer message) {
        return message.getInt(message.position());
    }

    static String argumentOf(ByteBuffer call) {
        XdrReader reader = XdrReader.of(call);
        try {
            CallHeader.decode(reader);
            return XdrCodecs.string(60_000).decode(reader);
        } catch (XdrException e) {
            throw new AssertionError("a call that cannot be decoded", e);
        }
    }
}
