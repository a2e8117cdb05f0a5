package org.oncrpckit.rpc.transport;

import java.net.SocketAddress;
import java.nio.ByteBuffer;

/** Takes the calls or the replies that arrive on an endpoint. */
@FunctionalInterface
public interface MessageReceiver {
    /**
     * Takes one message, on an I/O thread: it must not block. The message lies from position to
     * limit of the buffer, both of which are the receiver's to move, and is valid until the method
     * returns; who wants the bytes later copies them. At least the xid and the message type (8
     * bytes) are there. What it throws is logged and counted, nothing else.
     *
     * @param endpoint where it arrived
     * @param from who sent it
     */
    void received(Endpoint endpoint, SocketAddress from, ByteBuffer message);
}
