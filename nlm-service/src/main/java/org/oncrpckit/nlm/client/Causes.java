package org.oncrpckit.nlm.client;

import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.client.Failures;

/** What made a future fail. */
final class Causes {
    private Causes() {}

    /** The failure itself, without what futures that depend on each other wrap it in. */
    static Throwable of(@Nullable Throwable failure) {
        return failure == null
                ? new IllegalStateException("no answer and no failure")
                : Failures.causeOf(failure);
    }
}
