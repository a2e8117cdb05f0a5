package org.oncrpckit.rpc.client;

import java.io.Serial;

/** No reply within the time limit of the call. */
public final class RpcTimeoutException extends RpcException {
    @Serial private static final long serialVersionUID = 1L;

    RpcTimeoutException(CallTrace trace) {
        super("no reply", trace, trace.transmissions() > 0, null);
    }
}
