package org.oncrpckit.rpc.server;

import java.util.concurrent.CompletionStage;

/**
 * Serves one procedure and answers later.
 *
 * @param <A> type of the arguments
 * @param <R> type of the results
 */
@FunctionalInterface
public interface AsyncRpcHandler<A, R> {
    /**
     * Returns the stage that will bring the results; it must not block. A stage that never
     * completes ends with SYSTEM_ERR after the program's time limit.
     */
    CompletionStage<R> handle(CallContext call, A arguments) throws Exception;
}
