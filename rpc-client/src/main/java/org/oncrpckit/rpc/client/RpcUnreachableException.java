package org.oncrpckit.rpc.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The call could not be sent: no route, connection refused, host queue full. */
public final class RpcUnreachableException extends RpcException {
    @Serial private static final long serialVersionUID = 1L;

    RpcUnreachableException(String what, CallTrace trace, @Nullable Throwable cause) {
        super(what, trace, trace.transmissions() > 0, cause);
    }
}
