package org.oncrpckit.rpc.client;

import java.io.Serial;

/** No reply within the time limit of the call, or no chance to send it. */
public final class RpcTimeoutException extends RpcException {
    @Serial private static final long serialVersionUID = 1L;

    RpcTimeoutException(String what, CallTrace trace) {
        super(what, trace, trace.transmissions() > 0, null);
    }
}
