package org.oncrpckit.rpc;

import java.util.Objects;

/**
 * A call that is denied by its header alone, together with the reply to send.
 *
 * @param denial the complete reply
 */
public record DeniedCall(ReplyHeader.Denied denial) implements IncomingCall {
    /** Checks that nothing is missing. */
    public DeniedCall {
        Objects.requireNonNull(denial, "denial");
    }

    @Override
    public int xid() {
        return denial.xid();
    }
}
