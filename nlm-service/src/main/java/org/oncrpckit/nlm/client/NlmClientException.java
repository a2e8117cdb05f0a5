package org.oncrpckit.nlm.client;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A request that the server has not answered. The subclasses say why. */
public abstract sealed class NlmClientException extends IOException
        permits ServerUnreachableException, ServerRejectedException, ClientClosedException {
    @Serial private static final long serialVersionUID = 1L;

    /** See {@link #mayBeInEffect}. */
    private final boolean mayBeInEffect;

    NlmClientException(String message, boolean mayBeInEffect, @Nullable Throwable cause) {
        super(message, cause);
        this.mayBeInEffect = mayBeInEffect;
    }

    /**
     * Whether the server may have done what it was asked for all the same: false is a promise, true
     * is not. After a request for a lock the client goes on giving the lock back in the background,
     * see {@link NlmClient}.
     */
    public boolean mayBeInEffect() {
        return mayBeInEffect;
    }
}
