package org.oncrpckit.rpc;

import org.oncrpckit.xdr.XdrEnum;

/** Whether a message asks or answers (RFC 5531 section 9, {@code msg_type}). */
public enum MessageType implements XdrEnum {
    /** Asks for a procedure to be executed. */
    CALL(0),
    /** Answers a call. */
    REPLY(1);

    private final int number;

    MessageType(int number) {
        this.number = number;
    }

    @Override
    public int number() {
        return number;
    }
}
