package org.oncrpckit.rpc.server;

/**
 * Serves one procedure and may answer later.
 *
 * @param <A> type of the arguments
 * @param <R> type of the results
 */
@FunctionalInterface
public interface AsyncRpcHandler<A, R> {
    /**
     * Takes a call; it must not block. The call is answered through {@code call}, here or later and
     * from any thread; one that is answered here costs no more than with an {@link RpcHandler}, and
     * one that is never answered ends with SYSTEM_ERR after the program's time limit. What this
     * method throws ends the call as it does for other handlers, unless it was answered before.
     */
    void handle(AsyncCall<R> call, A arguments) throws Exception;
}
