package org.oncrpckit.rpc.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Messages that are no more than an xid, a type, and filling; and those who take them. */
public final class Messages {
    private Messages() {}

    /** A call of that many bytes, at least 8; the filling depends on the xid. */
    public static ByteBuffer call(int xid, int bytes) {
        return message(xid, 0, bytes);
    }

    /** A reply of that many bytes, at least 8. */
    public static ByteBuffer reply(int xid, int bytes) {
        return message(xid, 1, bytes);
    }

    private static ByteBuffer message(int xid, int type, int bytes) {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).putInt(xid).putInt(type);
        while (buffer.hasRemaining()) {
            buffer.put((byte) (xid + buffer.position()));
        }
        return buffer.flip();
    }

    /** The bytes of a message that is only lent. */
    public static ByteBuffer copy(ByteBuffer message) {
        return ByteBuffer.allocate(message.remaining()).put(message.duplicate()).flip();
    }

    /** Attaches a receiver of calls that keeps copies of them. */
    public static List<ByteBuffer> collectCalls(Endpoint endpoint) {
        List<ByteBuffer> calls = new CopyOnWriteArrayList<>();
        endpoint.receiveCalls((on, from, message) -> calls.add(copy(message)));
        return calls;
    }

    /** Attaches a receiver of replies that keeps copies of them. */
    public static List<ByteBuffer> collectReplies(Endpoint endpoint) {
        List<ByteBuffer> replies = new CopyOnWriteArrayList<>();
        endpoint.receiveReplies((on, from, message) -> replies.add(copy(message)));
        return replies;
    }

    /** A literal address. */
    public static InetAddress address(String literal) {
        try {
            return InetAddress.getAllByName(literal)[0];
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
