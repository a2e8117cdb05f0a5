package org.oncrpckit.rpc.probe;

import java.io.Serial;

/** Ends the command with one line for the user and an {@link ExitStatus}. */
final class ProbeFailure extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    private final int status;

    ProbeFailure(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
