package org.oncrpckit.rpc.rpcbind;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.AcceptStatus;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.Failures;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcException;
import org.oncrpckit.rpc.client.RpcRejectedException;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.client.RpcTimeoutException;
import org.oncrpckit.rpc.client.RpcUnreachableException;
import org.oncrpckit.rpc.transport.Deadline;
import org.oncrpckit.rpc.transport.Transport;

/**
 * Calls programs on hosts whose ports nobody has to know: asks rpcbind, remembers the answer, and
 * notices when it has become wrong. Thread-safe.
 *
 * <p>A remembered port is forgotten after a refused connection, a time-out, PROG_UNAVAIL or
 * PROG_MISMATCH. Then rpcbind is asked anew, once, and where it names another port, the call is
 * made there, within the same time limit; else the first failure stands. That is done only
 *
 * <ul>
 *   <li>when the first call is certain not to have been executed ({@link
 *       RpcException#mayHaveExecuted}): after a refused connection, or a rejection of a call that
 *       was sent once; or
 *   <li>when the caller says that executing the call twice does no harm ({@link #callIdempotent}).
 * </ul>
 */
public final class ServiceCaller {
    private final RpcClient client;
    private final PortCache ports;

    /**
     * A host and how to reach it.
     *
     * @param host its address
     * @param transport UDP or TCP
     * @param source local address to call from, or null for the one that routing picks
     */
    public record Host(InetAddress host, Transport transport, @Nullable InetAddress source) {
        /** Checks the values. */
        public Host {
            Objects.requireNonNull(host, "host");
            if (transport == Transport.UNIX) {
                throw new IllegalArgumentException("a UNIX-domain socket has no port to look up");
            }
        }

        /** Called from the address that routing picks. */
        public Host(InetAddress host, Transport transport) {
            this(host, transport, null);
        }
    }

    /** Calls over this client, with the ports of this cache. */
    public ServiceCaller(RpcClient client, PortCache ports) {
        this.client = Objects.requireNonNull(client, "client");
        this.ports = Objects.requireNonNull(ports, "ports");
    }

    /**
     * Calls. Fails with {@link NotRegisteredException}, with what the look-up failed with, or with
     * an {@link RpcException} of the call itself.
     *
     * @param options its time limit covers look-ups and calls together
     */
    public <A, R> CompletableFuture<R> call(
            Host host, Procedure<A, R> procedure, A arguments, CallOptions options) {
        return new Attempt<>(host, procedure, arguments, options, false).run();
    }

    /**
     * As {@link #call}, for a procedure that may be executed twice: the first attempt gets half of
     * the time limit, so that a call to a port that nobody listens to any more can still succeed.
     */
    public <A, R> CompletableFuture<R> callIdempotent(
            Host host, Procedure<A, R> procedure, A arguments, CallOptions options) {
        return new Attempt<>(host, procedure, arguments, options, true).run();
    }

    /** One call, from the first look-up to the end. */
    private final class Attempt<A, R> {
        private final Host host;
        private final Procedure<A, R> procedure;
        private final A arguments;
        private final CallOptions options;
        private final boolean idempotent;
        private final Deadline deadline;

        Attempt(
                Host host,
                Procedure<A, R> procedure,
                A arguments,
                CallOptions options,
                boolean idempotent) {
            this.host = Objects.requireNonNull(host, "host");
            this.procedure = Objects.requireNonNull(procedure, "procedure");
            this.arguments = arguments;
            this.options = Objects.requireNonNull(options, "options");
            this.idempotent = idempotent;
            this.deadline = Deadline.in(client.platform().timers(), options.timeLimit());
        }

        CompletableFuture<R> run() {
            return lookUp().thenCompose(this::callFirst);
        }

        private CompletableFuture<InetSocketAddress> lookUp() {
            CompletableFuture<Optional<InetSocketAddress>> found =
                    ports.lookUp(
                            host.host(),
                            host.source(),
                            procedure.programVersion(),
                            host.transport(),
                            options.until(deadline));
            return found.thenCompose(
                    address ->
                            address.map(CompletableFuture::completedFuture)
                                    .orElseGet(() -> CompletableFuture.failedFuture(absent())));
        }

        private NotRegisteredException absent() {
            return new NotRegisteredException(
                    host.host(), procedure.programVersion(), host.transport());
        }

        private CompletableFuture<R> callFirst(InetSocketAddress address) {
            CallOptions first =
                    idempotent
                            ? options.withTimeLimit(deadline.left().dividedBy(2).plusNanos(1))
                            : options.until(deadline);
            return callAt(address, first)
                    .exceptionallyCompose(
                            failure -> afterFailure(address, Failures.causeOf(failure)));
        }

        private CompletableFuture<R> callAt(InetSocketAddress address, CallOptions within) {
            RpcTarget target = new RpcTarget(host.transport(), address, host.source());
            return client.call(target, procedure, arguments, within);
        }

        private CompletableFuture<R> afterFailure(InetSocketAddress address, Throwable failure) {
            if (!saysThatThePortIsWrong(failure)) {
                return CompletableFuture.failedFuture(failure);
            }
            ports.invalidate(host.host(), procedure.programVersion(), host.transport());
            boolean safe =
                    idempotent || (failure instanceof RpcException rpc && !rpc.mayHaveExecuted());
            if (!safe || deadline.isOver()) {
                return CompletableFuture.failedFuture(failure);
            }
            // A look-up that fails knows no better address: then the first failure stands.
            return lookUp().exceptionally(unknown -> address)
                    .thenCompose(
                            found ->
                                    found.equals(address)
                                            ? CompletableFuture.failedFuture(failure)
                                            : callAt(found, options.until(deadline)));
        }
    }

    private static boolean saysThatThePortIsWrong(Throwable failure) {
        if (failure instanceof RpcRejectedException rejected) {
            return rejected.acceptStatus()
                    .filter(
                            status ->
                                    status == AcceptStatus.PROG_UNAVAIL
                                            || status == AcceptStatus.PROG_MISMATCH)
                    .isPresent();
        }
        return failure instanceof RpcTimeoutException || failure instanceof RpcUnreachableException;
    }
}
