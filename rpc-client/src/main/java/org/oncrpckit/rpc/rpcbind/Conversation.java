package org.oncrpckit.rpc.rpcbind;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.Failures;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcException;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.client.RpcTimeoutException;
import org.oncrpckit.rpc.client.RpcUnreachableException;
import org.oncrpckit.rpc.transport.Deadline;
import org.oncrpckit.rpc.transport.Transport;

/**
 * The calls that one request makes to one rpcbind, all within one time limit. A transport that does
 * not answer is given up for the other; what works is kept for the calls that follow.
 *
 * <p>One call at a time, each begun when the one before has ended: no lock is needed.
 */
final class Conversation {
    /** How long the first transport may take when there is a second one to try. */
    static final Duration FIRST_TRANSPORT_LIMIT = Duration.ofSeconds(3);

    private final RpcClient client;
    private final InetSocketAddress rpcbind;
    private final @Nullable InetAddress source;
    private final CallOptions options;
    private final Deadline deadline;
    private Transport transport;
    private boolean settled;

    /**
     * Nothing is sent yet.
     *
     * @param first the transport to try first
     */
    Conversation(
            RpcClient client,
            InetSocketAddress rpcbind,
            @Nullable InetAddress source,
            Transport first,
            CallOptions options) {
        this.client = client;
        this.rpcbind = rpcbind;
        this.source = source;
        this.transport = first;
        this.options = options;
        this.deadline = Deadline.in(client.platform().timers(), options.timeLimit());
    }

    /** Calls over exactly this transport. */
    <A, R> CompletableFuture<R> askOver(Transport only, Procedure<A, R> procedure, A arguments) {
        RpcTarget target = new RpcTarget(only, rpcbind, source);
        return client.call(target, procedure, arguments, options.until(deadline));
    }

    /** Calls over whichever transport answers; fails with what the last call failed with. */
    <A, R> CompletableFuture<R> ask(Procedure<A, R> procedure, A arguments) {
        if (settled) {
            return call(procedure, arguments, options.until(deadline));
        }
        return call(procedure, arguments, firstOptions())
                .whenComplete((result, failure) -> settled = true)
                .exceptionallyCompose(
                        failure -> {
                            Throwable first = Failures.causeOf(failure);
                            if (!isNoAnswer(first)) {
                                return CompletableFuture.failedFuture(first);
                            }
                            transport = transport == Transport.UDP ? Transport.TCP : Transport.UDP;
                            return withSuppressed(
                                    call(procedure, arguments, options.until(deadline)), first);
                        });
    }

    /** Half of the time, or less: another transport may have to be tried. */
    private CallOptions firstOptions() {
        Duration half = deadline.left().dividedBy(2);
        if (half.isZero()) {
            return options.until(deadline);
        }
        return options.withTimeLimit(
                half.compareTo(FIRST_TRANSPORT_LIMIT) < 0 ? half : FIRST_TRANSPORT_LIMIT);
    }

    private <A, R> CompletableFuture<R> call(
            Procedure<A, R> procedure, A arguments, CallOptions within) {
        RpcTarget target = new RpcTarget(transport, rpcbind, source);
        return client.call(target, procedure, arguments, within);
    }

    private static <R> CompletableFuture<R> withSuppressed(
            CompletableFuture<R> second, Throwable first) {
        return second.whenComplete(
                (result, failure) -> {
                    if (failure != null && Failures.causeOf(failure) != first) {
                        Failures.causeOf(failure).addSuppressed(first);
                    }
                });
    }

    private static boolean isNoAnswer(Throwable failure) {
        return failure instanceof RpcTimeoutException || failure instanceof RpcUnreachableException;
    }

    /** Whether rpcbind answered, in a way that lets another version answer better. */
    static boolean isAnswer(Throwable failure) {
        return failure instanceof RpcException && !isNoAnswer(failure);
    }
}
