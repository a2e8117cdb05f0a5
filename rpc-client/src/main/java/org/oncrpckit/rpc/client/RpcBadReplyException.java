package org.oncrpckit.rpc.client;

import java.io.Serial;

/** The server replied, but the results cannot be decoded. It has executed the call. */
public final class RpcBadReplyException extends RpcException {
    @Serial private static final long serialVersionUID = 1L;

    RpcBadReplyException(CallTrace trace, Throwable cause) {
        super("bad reply: " + cause.getMessage(), trace, true, cause);
    }
}
