package org.oncrpckit.rpc.transport;

import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Ends attempts to connect that take too long, on every network in the same words. */
public final class ConnectTimeLimit {
    private ConnectTimeLimit() {}

    /**
     * Fails an attempt when its time is up; does nothing once it has ended.
     *
     * @param remote named in the failure
     * @param attempt fails, on the timer thread; when it completes before, the timer goes
     */
    public static void start(
            Timers timers,
            Duration limit,
            SocketAddress remote,
            CompletableFuture<Endpoint> attempt) {
        Timers.Timer timer =
                timers.schedule(
                        limit,
                        () ->
                                attempt.completeExceptionally(
                                        new SocketTimeoutException(
                                                "no connection to "
                                                        + remote
                                                        + " within "
                                                        + limit.toMillis()
                                                        + " ms")));
        var unused = attempt.whenComplete((endpoint, failure) -> timer.cancel());
    }
}
