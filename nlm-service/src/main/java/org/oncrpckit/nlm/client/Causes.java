package org.oncrpckit.nlm.client;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What made a future fail. */
final class Causes {
    private Causes() {}

    /** The failure itself, without what futures that depend on each other wrap it in. */
    static Throwable of(@Nullable Throwable failure) {
        if (failure instanceof CompletionException && failure.getCause() != null) {
            return failure.getCause();
        }
        return failure == null ? new IllegalStateException("no answer and no failure") : failure;
    }
}
