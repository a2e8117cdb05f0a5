package org.oncrpckit.rpc.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.transport.Endpoint;

/** Opens connections from the local ports that the client may use. Thread-safe. */
final class StreamConnector {
    private final ClientContext context;
    private final LocalPorts ports;

    /** Where the next connection begins to look: a port that has just been used may not be free. */
    private final AtomicInteger nextPort = new AtomicInteger();

    StreamConnector(ClientContext context, LocalPorts ports) {
        this.context = context;
        this.ports = ports;
    }

    /** Connects within the policy's time limit; cancelling the future ends the attempt. */
    CompletableFuture<Endpoint> connect(RpcTarget target) {
        Attempt attempt = new Attempt(target);
        attempt.next();
        return attempt;
    }

    /** One attempt to connect, which may try several local ports. */
    private final class Attempt extends CompletableFuture<Endpoint> {
        private final RpcTarget target;
        private final List<Integer> candidates;
        private final long deadlineNanos;
        private final int firstPort;

        @GuardedBy("this")
        private int tried;

        @GuardedBy("this")
        private @Nullable CompletableFuture<Endpoint> running;

        Attempt(RpcTarget target) {
            this.target = target;
            candidates = ports.stream();
            deadlineNanos = context.nanoTime() + context.connections().connectTimeLimit().toNanos();
            firstPort = Math.floorMod(nextPort.getAndIncrement(), candidates.size());
        }

        @Override
        public <U> CompletableFuture<U> newIncompleteFuture() {
            return new CompletableFuture<>();
        }

        void next() {
            int port;
            synchronized (this) {
                port = candidates.get((firstPort + tried) % candidates.size());
                tried++;
            }
            Duration left =
                    Duration.ofNanos(Math.max(1_000_000, deadlineNanos - context.nanoTime()));
            CompletableFuture<Endpoint> started =
                    context.platform().network().connect(target.address(), local(port), left);
            synchronized (this) {
                running = started;
            }
            var unused = started.whenComplete(this::ended);
            if (isCancelled()) {
                started.cancel(true);
            }
        }

        private @Nullable InetSocketAddress local(int port) {
            InetAddress source = target.source();
            if (!(target.address() instanceof InetSocketAddress) || (source == null && port == 0)) {
                return null;
            }
            return source == null
                    ? new InetSocketAddress(port)
                    : new InetSocketAddress(source, port);
        }

        private void ended(@Nullable Endpoint endpoint, @Nullable Throwable failure) {
            if (endpoint != null) {
                if (!complete(endpoint)) {
                    endpoint.close();
                }
                return;
            }
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure;
            boolean more;
            synchronized (this) {
                more = tried < candidates.size();
            }
            if (more && !isDone() && cause != null && ports.worthAnotherTry(cause)) {
                next();
            } else if (cause instanceof IOException io) {
                completeExceptionally(ports.explain(target.source(), io));
            } else {
                completeExceptionally(new IOException("connect failed: " + cause, cause));
            }
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean cancelled = super.cancel(mayInterruptIfRunning);
            CompletableFuture<Endpoint> current;
            synchronized (this) {
                current = running;
            }
            if (current != null) {
                current.cancel(true);
            }
            return cancelled;
        }
    }
}
