package org.oncrpckit.rpc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * What can be said of an RPC message before it is decoded. Every message begins (RFC 5531 section
 * 9) with
 *
 * <pre>
 *  0                   4                   8
 * +-------------------+-------------------+----
 * | xid               | 0 call, 1 reply   | ...
 * +-------------------+-------------------+----
 * </pre>
 *
 * so that a message finds who is to read it.
 */
public final class RpcMessages {
    /** The version of the RPC protocol itself that this library speaks. */
    public static final int RPC_VERSION = 2;

    /** Bytes of the xid and the message type together. */
    public static final int PREFIX_BYTES = 8;

    private static final Optional<MessageType> CALL = Optional.of(MessageType.CALL);
    private static final Optional<MessageType> REPLY = Optional.of(MessageType.REPLY);

    private RpcMessages() {}

    /**
     * The type of the message that begins at the buffer's position; empty when it is too short or
     * its type is neither call nor reply. The buffer does not move.
     */
    public static Optional<MessageType> peekType(ByteBuffer message) {
        if (message.remaining() < PREFIX_BYTES) {
            return Optional.empty();
        }
        return switch (type(message)) {
            case 0 -> CALL;
            case 1 -> REPLY;
            default -> Optional.empty();
        };
    }

    private static int type(ByteBuffer message) {
        int value = message.getInt(message.position() + Integer.BYTES);
        return message.order() == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value);
    }
}
