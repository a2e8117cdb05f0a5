package org.oncrpckit.nlm.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.oncrpckit.nlm.protocol.NlmOperation;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.transport.Timers;
import org.oncrpckit.xdr.Opaque;

/**
 * Operations as one-way calls: the {@code _MSG} is sent, and sent again, until a {@code _RES} with
 * its cookie comes from the host it went to. Thread-safe.
 */
final class OneWayCalls {
    private static final Duration FIRST_REPEAT = Duration.ofSeconds(1);

    private final RpcClient client;
    private final Timers timers;
    private final Supplier<CallBackPath> path;
    private final Map<Opaque, Exchange<?, ?>> exchanges = new ConcurrentHashMap<>();

    OneWayCalls(RpcClient client, Supplier<CallBackPath> path) {
        this.client = client;
        this.timers = client.platform().timers();
        this.path = path;
    }

    /**
     * One operation.
     *
     * @param target where it goes
     * @param operation its shapes
     * @param cookie the one in the arguments
     * @param replyType the class of its results
     */
    record Message<A, R>(
            RpcTarget target,
            NlmOperation<A, R> operation,
            Opaque cookie,
            A arguments,
            Class<R> replyType) {}

    /** Sends an operation and brings its result, or fails when none comes within the time limit. */
    <A, R> CompletableFuture<R> exchange(Message<A, R> message, CallOptions options) {
        InetAddress server = ((InetSocketAddress) message.target.address()).getAddress();
        Exchange<A, R> exchange = new Exchange<>(message, server, options);
        exchanges.put(message.cookie, exchange);
        return path.get()
                .expectResult(server, message.cookie)
                .thenCompose(
                        expectation -> {
                            exchange.begin();
                            return exchange.result.whenComplete(
                                    (reply, failure) -> {
                                        exchanges.remove(message.cookie, exchange);
                                        expectation.end();
                                    });
                        })
                .toCompletableFuture();
    }

    /**
     * A result has come. From another host than was asked, or of another type, it is dropped.
     *
     * @param reply what the operation's results are
     */
    void answered(InetAddress from, Opaque cookie, Object reply) {
        Exchange<?, ?> exchange = exchanges.get(cookie);
        if (exchange != null && exchange.server.equals(from)) {
            exchange.answered(reply);
        }
    }

    private final class Exchange<A, R> {
        final CompletableFuture<R> result = new CompletableFuture<>();
        final InetAddress server;
        private final Message<A, R> message;
        private final CallOptions options;

        Exchange(Message<A, R> message, InetAddress server, CallOptions options) {
            this.message = message;
            this.server = server;
            this.options = options;
        }

        void begin() {
            Timers.Timer limit =
                    timers.schedule(
                            options.timeLimit(),
                            () ->
                                    result.completeExceptionally(
                                            new TimeoutException(
                                                    "no "
                                                            + message.operation.result().name()
                                                            + " came")));
            var unused = result.whenComplete((reply, failure) -> limit.cancel());
            send(FIRST_REPEAT);
        }

        private void send(Duration next) {
            if (result.isDone()) {
                return;
            }
            var unused =
                    client.send(
                                    message.target,
                                    message.operation.message(),
                                    message.arguments,
                                    options)
                            .exceptionally(
                                    failure -> {
                                        result.completeExceptionally(failure);
                                        return null;
                                    });
            Timers.Timer repeat = timers.schedule(next, () -> send(next.multipliedBy(2)));
            var unusedRepeat = result.whenComplete((reply, failure) -> repeat.cancel());
        }

        void answered(Object reply) {
            if (message.replyType.isInstance(reply)) {
                result.complete(message.replyType.cast(reply));
            }
        }
    }
}
