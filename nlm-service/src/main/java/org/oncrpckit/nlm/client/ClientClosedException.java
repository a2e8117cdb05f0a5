package org.oncrpckit.nlm.client;

import java.io.Serial;

/** The client was closed, or is full. */
public final class ClientClosedException extends NlmClientException {
    @Serial private static final long serialVersionUID = 1L;

    ClientClosedException(String message, boolean mayBeInEffect) {
        super(message, mayBeInEffect, null);
    }
}
