package org.oncrpckit.nlm;

import java.util.concurrent.CompletionStage;

/** A local request for a lock. Thread-safe. */
public interface LocalRequest {
    /**
     * Completes with what became of it: at once, or when its turn has come. Completes on whatever
     * thread made it so, often an I/O thread: what depends on it must not block. Never completes
     * exceptionally.
     */
    CompletionStage<LocalOutcome> outcome();

    /**
     * Gives up waiting.
     *
     * @return true when it waited, and {@link #outcome} is CANCELLED; false when it had ended: if
     *     GRANTED, the owner holds the lock
     */
    boolean cancel();
}
