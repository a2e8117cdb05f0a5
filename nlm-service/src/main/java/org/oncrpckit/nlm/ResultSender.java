package org.oncrpckit.nlm;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.xdr.Nothing;

/**
 * Sends what {@code _MSG} calls are answered with: a call of {@code _RES}, to the lock manager that
 * the caller's own rpcbind names, from the address that was asked, and over UDP from the port that
 * is listened on. Sent once: who misses an answer asks again. Thread-safe.
 */
final class ResultSender {
    /** Results for one host that wait for its rpcbind or a connection; more are dropped. */
    static final int PENDING_PER_HOST_MAX = 256;

    private static final CallOptions OPTIONS =
            CallOptions.DEFAULT.withTimeLimit(Duration.ofSeconds(10));

    private final RpcClient client;
    private final CallbackPorts ports;
    private final Events events;
    private final ConcurrentMap<HostAddress, Integer> pending = new ConcurrentHashMap<>();

    ResultSender(RpcClient client, CallbackPorts ports, Events events) {
        this.client = client;
        this.ports = ports;
        this.events = events;
    }

    /**
     * Sends a result.
     *
     * @return completes when it has left, or never will; does not fail
     */
    <R> CompletionStage<Boolean> send(Caller caller, Procedure<R, Nothing> procedure, R result) {
        HostAddress host = caller.client();
        if (pending.merge(host, 1, Integer::sum) > PENDING_PER_HOST_MAX) {
            over(host);
            events.limitReached(host.address(), "resultsPerHostMax", PENDING_PER_HOST_MAX);
            return CompletableFuture.completedFuture(false);
        }
        return ports.find(host, caller.route(), false)
                .thenCompose(
                        found ->
                                found.isPresent()
                                        ? client.send(found.get(), procedure, result, OPTIONS)
                                        : CompletableFuture.failedFuture(
                                                new IllegalStateException(
                                                        CallbackPorts.NOT_REGISTERED)))
                .handle(
                        (sent, failure) -> {
                            over(host);
                            if (failure != null) {
                                events.callBackFailed(host.address(), failure.toString());
                            }
                            return failure == null;
                        });
    }

    private void over(HostAddress host) {
        pending.computeIfPresent(host, (key, count) -> count > 1 ? count - 1 : null);
    }
}
