package org.oncrpckit.rpc.client;

import java.io.Serial;

/**
 * The server answered that it did not execute the call. SYSTEM_ERR alone does not say how far it
 * had come.
 */
public final class RpcRejectedException extends RpcException {
    @Serial private static final long serialVersionUID = 1L;

    /** Placeholder of the first form; replaced by the reply header. */
    RpcRejectedException(String what, CallTrace trace, boolean mayHaveExecuted) {
        super(what, trace, mayHaveExecuted, null);
    }
}
