package org.oncrpckit.rpc.server;

/**
 * Serves one procedure.
 *
 * @param <A> type of the arguments
 * @param <R> type of the results
 */
@FunctionalInterface
public interface RpcHandler<A, R> {
    /**
     * Returns the results. What it throws becomes SYSTEM_ERR, but for {@link
     * CallRejectedException}.
     */
    R handle(CallContext call, A arguments) throws Exception;
}
