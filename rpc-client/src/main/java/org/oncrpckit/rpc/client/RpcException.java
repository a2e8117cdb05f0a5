package org.oncrpckit.rpc.client;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A call that brought no result. The subclasses say why; {@link #mayHaveExecuted} says whether the
 * server may have executed the call all the same.
 */
public abstract sealed class RpcException extends IOException
        permits RpcTimeoutException,
                RpcRejectedException,
                RpcUnreachableException,
                RpcBadReplyException,
                RpcClosedException {
    @Serial private static final long serialVersionUID = 1L;

    private final transient CallTrace trace;

    /** See {@link #mayHaveExecuted}. */
    private final boolean mayHaveExecuted;

    RpcException(String what, CallTrace trace, boolean mayHaveExecuted, @Nullable Throwable cause) {
        super(what + " (" + trace + ")", cause);
        this.trace = trace;
        this.mayHaveExecuted = mayHaveExecuted;
    }

    /** What became of the call. */
    public CallTrace trace() {
        return trace;
    }

    /** Whether the server may have executed the call: false is a promise, true is not. */
    public boolean mayHaveExecuted() {
        return mayHaveExecuted;
    }
}
