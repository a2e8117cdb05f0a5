package org.oncrpckit.rpc.server;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.metrics.MetricSink;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.RpcPlatform;
import org.oncrpckit.rpc.transport.StreamListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves programs on any number of endpoints. Every call gets exactly one reply, error reply or,
 * where the procedure is one-way or the server is overloaded on UDP, none. Thread-safe.
 */
public final class RpcServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RpcServer.class);

    private final RpcPlatform platform;
    private final ServerLimits limits;
    private final ServerParts parts;
    private final Dispatcher dispatcher;
    private final Connections connections;
    private final Optional<RpcClient> callBackClient;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private NumberTable<HostedProgram> programs;

    @GuardedBy("lock")
    private final List<StreamListener> listeners = new ArrayList<>();

    @GuardedBy("lock")
    private boolean stopped;

    /** Completes when everything is closed. */
    private final CompletableFuture<Void> stopping = new CompletableFuture<>();

    private RpcServer(Builder builder) {
        platform = builder.platform;
        limits = builder.limits;
        callBackClient = builder.callBackClient;
        parts = ServerParts.of(limits, platform.timers(), builder.listener);
        connections = new Connections(limits);
        Map<Integer, HostedProgram> hosted = new HashMap<>();
        builder.programs.forEach(
                (number, program) -> hosted.put(number, HostedProgram.of(program, limits)));
        programs = NumberTable.of(hosted);
        dispatcher =
                new Dispatcher(
                        parts, builder.access, NumberTable.of(builder.authenticators), programs);
    }

    /** A builder with finite defaults. */
    public static Builder builder(RpcPlatform platform) {
        return new Builder(platform);
    }

    /** Collects the settings of a server. Not thread-safe. */
    public static final class Builder {
        private final RpcPlatform platform;
        private final Map<Integer, RpcProgram> programs = new HashMap<>();
        private final Map<Integer, Authenticator> authenticators = new HashMap<>();
        private Optional<RpcClient> callBackClient = Optional.empty();
        private ServerLimits limits = ServerLimits.DEFAULT;
        private RpcServerListener listener = RpcServerListener.NONE;
        private AccessRule access = AccessRule.everybody();

        private Builder(RpcPlatform platform) {
            this.platform = Objects.requireNonNull(platform, "platform");
            authenticator(Authenticator.NONE);
            authenticator(Authenticator.SYS);
        }

        /** Adds a program from the start; replaces one of the same number. */
        public Builder program(RpcProgram program) {
            programs.put(program.number(), program);
            return this;
        }

        /**
         * Accepted connections are attached to this client too, for calls back over them. When the
         * client is closed, connections are served as before and cannot be called back.
         */
        public Builder callBackClient(RpcClient client) {
            callBackClient = Optional.of(client);
            return this;
        }

        /** Other limits than {@link ServerLimits#DEFAULT}. */
        public Builder limits(ServerLimits other) {
            limits = Objects.requireNonNull(other, "limits");
            return this;
        }

        /** Who is told what happens; default: nobody. */
        public Builder listener(RpcServerListener told) {
            listener = Objects.requireNonNull(told, "listener");
            return this;
        }

        /** Who may call anything at all; default: everybody. Several rules must all allow. */
        public Builder access(AccessRule rule) {
            access = access.and(rule);
            return this;
        }

        /** Adds an authentication flavour, or replaces AUTH_NONE or AUTH_SYS. */
        public Builder authenticator(Authenticator authenticator) {
            authenticators.put(authenticator.flavor(), authenticator);
            return this;
        }

        /** The server; it serves nothing until an endpoint is attached or listened on. */
        public RpcServer build() {
            return new RpcServer(this);
        }
    }

    /**
     * Adds a program while running; replaces one of the same number. Calls to the replaced one that
     * have begun come to their end.
     *
     * @throws IllegalStateException when the server has been stopped
     */
    public void addProgram(RpcProgram program) {
        HostedProgram added = HostedProgram.of(program, limits);
        HostedProgram replaced;
        synchronized (lock) {
            checkRunning();
            replaced = programs.get(program.number());
            programs = programs.with(program.number(), added);
            dispatcher.serve(programs);
        }
        if (replaced != null) {
            replaced.retire();
        }
    }

    /**
     * Removes a program; its calls get PROG_UNAVAIL from now on, and those that have begun come to
     * their end. Does nothing when there is none of this number.
     */
    public void removeProgram(int number) {
        HostedProgram removed;
        synchronized (lock) {
            removed = programs.get(number);
            programs = programs.without(number);
            dispatcher.serve(programs);
        }
        if (removed != null) {
            removed.retire();
        }
    }

    /**
     * Serves the calls that arrive on an open endpoint; closing it stays the caller's task.
     *
     * @throws IllegalStateException when it has a receiver of calls already, or the server has been
     *     stopped
     */
    public void attach(Endpoint endpoint) {
        synchronized (lock) {
            checkRunning();
        }
        ServedEndpoint.serve(endpoint, dispatcher, parts);
    }

    /**
     * Listens for connections and serves the calls that arrive on them.
     *
     * @throws IOException when the address cannot be bound
     * @throws IllegalStateException when the server has been stopped
     */
    public StreamListener listen(SocketAddress local) throws IOException {
        synchronized (lock) {
            checkRunning();
        }
        StreamListener listener = platform.network().listen(local, this::accepted);
        synchronized (lock) {
            if (!stopped) {
                listeners.add(listener);
                return new ServedListener(listener, this::forget);
            }
        }
        listener.close();
        throw new IllegalStateException("the server has been stopped");
    }

    private void forget(StreamListener listener) {
        synchronized (lock) {
            listeners.remove(listener);
        }
    }

    /**
     * Closes the accepted connections of one local address, for an address that this host has lost:
     * nothing can leave from there any more. Calls in progress run to their end; the peers, when
     * they are back, repeat them over other connections.
     */
    public void closeConnectionsAt(InetAddress local) {
        connections.at(local).forEach(Endpoint::close);
    }

    /** Counts since the server was built, and what it holds now. */
    public RpcServerStatistics statistics() {
        return parts.events().statistics(connections.count(), parts);
    }

    /** Names every number of {@link #statistics} to a metrics system, to be read at any time. */
    public void publish(MetricSink sink) {
        ServerMetrics.publish(this::statistics, Objects.requireNonNull(sink, "sink"));
    }

    /**
     * Stops: no new calls, those in progress may end within the limit, then listeners and accepted
     * connections are closed. Attached endpoints stay open and answer nothing. Handlers that still
     * run on workers then are interrupted.
     *
     * @throws InterruptedException when interrupted; stopping goes on without waiting any longer
     */
    public void stop(Duration limit) throws InterruptedException {
        try {
            stopAsync(limit).toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw new AssertionError("never completed exceptionally", e);
        }
    }

    /**
     * As {@link #stop}, without waiting.
     *
     * @return completes when everything is closed, on whichever thread ended the last call
     */
    public CompletionStage<Void> stopAsync(Duration limit) {
        List<StreamListener> listening;
        boolean first;
        synchronized (lock) {
            first = !stopped;
            stopped = true;
            listening = List.copyOf(listeners);
            listeners.clear();
        }
        if (first) {
            dispatcher.stop();
            listening.forEach(StreamListener::close);
            connections.close().forEach(Endpoint::suspendReading);
            parts.inProgress().whenNone(this::closeAll);
        }
        if (!stopping.isDone()) {
            if (limit.isZero()) {
                closeAll();
            } else {
                platform.timers().schedule(limit, this::closeAll);
            }
        }
        return stopping.copy();
    }

    /** Stops without waiting. */
    @Override
    public void close() {
        var unused = stopAsync(Duration.ZERO);
    }

    private void closeAll() {
        connections.close().forEach(Endpoint::closeAfterWriting);
        List<HostedProgram> all;
        synchronized (lock) {
            all = programs.values();
        }
        all.forEach(HostedProgram::stop);
        stopping.complete(null);
    }

    /** On an I/O thread, before anything is read. */
    private void accepted(Endpoint connection) {
        Connections.Admission admission = connections.add(connection);
        admission
                .toClose()
                .ifPresent(
                        tooMuch -> {
                            parts.events().connectionRefused(tooMuch);
                            tooMuch.close();
                        });
        if (!admission.taken()) {
            return;
        }
        parts.events().connectionAccepted(connection);
        connection
                .closed()
                .thenAccept(
                        reason -> {
                            connections.remove(connection);
                            parts.events().connectionClosed(connection, reason);
                        });
        ServedEndpoint.serve(connection, dispatcher, parts);
        callBackClient.ifPresent(client -> attachTo(client, connection));
    }

    /** A client that has been closed calls nobody back, which is no reason not to serve calls. */
    private static void attachTo(RpcClient client, Endpoint connection) {
        try {
            client.attach(connection);
        } catch (IllegalStateException e) {
            LOG.debug("no calls back over {}", connection, e);
        }
    }

    @GuardedBy("lock")
    private void checkRunning() {
        if (stopped) {
            throw new IllegalStateException("the server has been stopped");
        }
    }
}
