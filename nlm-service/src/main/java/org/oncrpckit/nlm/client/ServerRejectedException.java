package org.oncrpckit.nlm.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The server does not take the call: credential, versions, procedure, or what it answered. */
public final class ServerRejectedException extends NlmClientException {
    @Serial private static final long serialVersionUID = 1L;

    ServerRejectedException(String message, boolean mayBeInEffect, @Nullable Throwable cause) {
        super(message, mayBeInEffect, cause);
    }
}
