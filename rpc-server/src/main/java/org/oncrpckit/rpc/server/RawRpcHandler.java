package org.oncrpckit.rpc.server;

/**
 * Serves every procedure of one version with bytes in and bytes out: for gateways, and for services
 * that bring their own decoding.
 */
@FunctionalInterface
public interface RawRpcHandler {
    /**
     * Takes a call. It is answered with {@link RawCall#answer}, here or later and from any thread;
     * what is not answered within the program's time limit ends with SYSTEM_ERR. What this method
     * throws ends the call as it does for other handlers, unless it was answered before.
     */
    void handle(RawCall call) throws Exception;
}
