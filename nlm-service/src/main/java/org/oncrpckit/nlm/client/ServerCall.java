package org.oncrpckit.nlm.client;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.nlm.protocol.NlmOperation;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.rpc.AcceptStatus;
import org.oncrpckit.rpc.client.RpcBadReplyException;
import org.oncrpckit.rpc.client.RpcException;
import org.oncrpckit.rpc.client.RpcRejectedException;
import org.oncrpckit.rpc.transport.Deadline;
import org.oncrpckit.xdr.Opaque;

/**
 * One operation, brought to its server however often that takes: the port is looked up again when
 * it has moved, the version is changed when the server has another, and a server that is down is
 * asked again until the deadline. Thread-safe.
 *
 * <p>An attempt ends a good while before the next begins, so that no copy of the first is still on
 * its way when the second has been answered.
 *
 * @param <A> type of the arguments
 * @param <R> type of the results
 */
final class ServerCall<A, R> {
    /** An answer is waited for this long; then the server's port is looked up again. */
    static final Duration ATTEMPT_LIMIT = Duration.ofSeconds(10);

    private static final Duration PAUSE_FIRST = Duration.ofSeconds(1);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(5);

    private final ServerCalls calls;
    private final NlmServer server;
    private final Class<R> replyType;
    private final Function<NlmVersion, NlmOperation<A, R>> operation;
    private final Function<NlmVersion, Optional<Question<A>>> arguments;
    private final Deadline deadline;
    private final CompletableFuture<R> result = new CompletableFuture<>();
    private Duration pause = PAUSE_FIRST;
    private boolean mayBeInEffect;

    ServerCall(
            ServerCalls calls,
            NlmServer server,
            Class<R> replyType,
            Function<NlmVersion, NlmOperation<A, R>> operation,
            Function<NlmVersion, Optional<Question<A>>> arguments,
            Deadline deadline) {
        this.calls = calls;
        this.server = server;
        this.replyType = replyType;
        this.operation = operation;
        this.arguments = arguments;
        this.deadline = deadline;
    }

    /**
     * What is asked.
     *
     * @param cookie the one in the arguments
     */
    record Question<A>(Opaque cookie, A arguments) {}

    CompletableFuture<R> start() {
        attempt("not tried", null);
        return result;
    }

    private void attempt(String lastFailure, @Nullable Throwable cause) {
        if (calls.isClosed()) {
            result.completeExceptionally(
                    new ClientClosedException(ClientCore.CLOSED, mayBeInEffect));
            return;
        }
        Duration left = deadline.left();
        if (left.isZero()) {
            result.completeExceptionally(
                    new ServerUnreachableException(
                            server + ": " + lastFailure, mayBeInEffect, cause));
            return;
        }
        Duration limit = left.compareTo(ATTEMPT_LIMIT) < 0 ? left : ATTEMPT_LIMIT;
        var unused =
                calls.book()
                        .find(server, limit)
                        .whenComplete(
                                (found, failure) -> {
                                    if (failure != null) {
                                        again("its rpcbind does not answer", Causes.of(failure));
                                    } else if (found.isEmpty()) {
                                        again("it has registered no lock manager", null);
                                    } else {
                                        send(found.get(), limit);
                                    }
                                });
    }

    private void send(ServerBook.Place place, Duration limit) {
        Optional<Question<A>> fitting = arguments.apply(place.version());
        if (fitting.isEmpty()) {
            result.completeExceptionally(
                    new ServerRejectedException(
                            server + " has " + place.version() + ", which has no such range",
                            false,
                            null));
            return;
        }
        var unused =
                calls.exchange(
                                new OneWayCalls.Message<>(
                                        place.target(),
                                        operation.apply(place.version()),
                                        fitting.get().cookie(),
                                        fitting.get().arguments(),
                                        replyType),
                                limit)
                        .whenComplete(
                                (reply, failure) -> {
                                    if (failure == null) {
                                        result.complete(reply);
                                    } else {
                                        failed(place, Causes.of(failure));
                                    }
                                });
    }

    private void failed(ServerBook.Place place, Throwable failure) {
        boolean rejected = failure instanceof RpcRejectedException;
        if (failure instanceof RpcException rpc) {
            mayBeInEffect |= rpc.mayHaveExecuted();
        } else {
            mayBeInEffect = true;
        }
        if (failure instanceof RpcBadReplyException) {
            reject(failure);
        } else if (rejected) {
            rejected(place, (RpcRejectedException) failure);
        } else {
            again("it does not answer", failure);
        }
    }

    private void rejected(ServerBook.Place place, RpcRejectedException rejection) {
        if (rejection.supportedVersions().isPresent()) {
            Optional<NlmVersion> other =
                    calls.book()
                            .choose(server, place.version(), rejection.supportedVersions().get());
            if (other.isEmpty()) {
                reject(rejection);
            } else if (other.get().number() < place.version().number()) {
                attempt("it has another version", rejection);
            } else {
                again("it has another version", rejection);
            }
            return;
        }
        AcceptStatus status = rejection.acceptStatus().orElse(null);
        if (status == AcceptStatus.PROG_UNAVAIL || status == AcceptStatus.SYSTEM_ERR) {
            again("it rejects the call", rejection);
        } else {
            reject(rejection);
        }
    }

    private void reject(Throwable failure) {
        result.completeExceptionally(
                new ServerRejectedException(
                        server + ": " + failure.getMessage(), mayBeInEffect, failure));
    }

    private void again(String why, @Nullable Throwable failure) {
        calls.book().doubt(server);
        Duration left = deadline.left();
        Duration delay = pause.compareTo(left) < 0 ? pause : left;
        pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) < 0 ? pause.multipliedBy(2) : PAUSE_MAX;
        calls.timers().schedule(delay, () -> attempt(why, failure));
    }
}
