package org.oncrpckit.rpc.server;

import java.util.concurrent.CompletionStage;

/**
 * A call that its handler answers, while it runs or later. The first answer or failure ends the
 * call; what comes after it, or after the program's time limit, is counted and ignored.
 * Thread-safe.
 *
 * @param <R> type of the results
 */
public interface AsyncCall<R> extends CallContext {
    /**
     * Ends the call with results. They are encoded now, or when the peer of a connection has read
     * what came before, and must not change any more.
     *
     * @return false when the call had ended already
     */
    boolean answer(R results);

    /**
     * Ends the call as if the handler had thrown this: with SYSTEM_ERR, or as a {@link
     * CallRejectedException} says.
     *
     * @return false when the call had ended already
     */
    boolean fail(Throwable failure);

    /** Ends the call with what a stage will bring. */
    default void answerFrom(CompletionStage<? extends R> stage) {
        stage.whenComplete(
                (results, failure) -> {
                    if (failure == null) {
                        answer(results);
                    } else {
                        fail(failure);
                    }
                });
    }
}
