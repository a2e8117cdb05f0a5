package org.oncrpckit.rpc.server;

import java.io.Serial;
import java.util.Objects;
import org.oncrpckit.rpc.AuthStatus;

/** A handler refuses the caller: the reply is AUTH_ERROR with this status. */
public final class CallRejectedException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    /** See {@link #status}. */
    private final AuthStatus status;

    /** Refuses with a status. */
    public CallRejectedException(AuthStatus status) {
        super("refused: " + status);
        this.status = Objects.requireNonNull(status, "status");
    }

    /** What the reply says. */
    public AuthStatus status() {
        return status;
    }
}
