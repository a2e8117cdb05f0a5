package org.oncrpckit.rpc.client;

import java.io.Serial;

/** The connection broke, or the client was closed, while the call waited for its reply. */
public final class RpcClosedException extends RpcException {
    @Serial private static final long serialVersionUID = 1L;

    RpcClosedException(String what, CallTrace trace) {
        super(what, trace, trace.transmissions() > 0, null);
    }
}
