package org.oncrpckit.nlm.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** No answer within the time limit, or no lock manager where one was looked for. */
public final class ServerUnreachableException extends NlmClientException {
    @Serial private static final long serialVersionUID = 1L;

    ServerUnreachableException(String message, boolean mayBeInEffect, @Nullable Throwable cause) {
        super(message, mayBeInEffect, cause);
    }
}
