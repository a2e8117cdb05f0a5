package org.oncrpckit.nlm;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What becomes of a request for something to keep: an {@link Answer} as a rule; an answer later
 * while the host is put on stable storage.
 */
sealed interface Decision permits Answer, Decision.Later {
    /**
     * Not yet.
     *
     * @param answer brings it
     */
    record Later(CompletionStage<Answer> answer) implements Decision {}

    /** The same for those to whom it makes no difference. */
    default CompletionStage<Answer> stage() {
        return this instanceof Answer answer
                ? CompletableFuture.completedFuture(answer)
                : ((Later) this).answer();
    }
}
