package org.oncrpckit.rpc.client;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.metrics.MetricSink;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.IoThread;
import org.oncrpckit.rpc.transport.PortPolicy;
import org.oncrpckit.rpc.transport.RpcPlatform;
import org.oncrpckit.rpc.transport.Transport;

/**
 * Calls any number of remote hosts, from any number of threads, over few endpoints. Replies are
 * matched by xid, remote address and endpoint. A call ends exactly once: with its reply, a
 * rejection, a time-out, cancellation, or the close of the client.
 *
 * <p>Over UDP a call is sent again, the same bytes with the same xid, until it is answered or its
 * time is up; each remote address has its own round-trip estimate (RFC 6298), congestion window and
 * queue, so that a dead host delays nobody else. Over a stream a call is sent once, see {@link
 * ConnectionPolicy}.
 *
 * <p>Thread-safe. Futures complete on an I/O or timer thread: what depends on them must not block
 * there. Cancelling the future of a call ends the call, and so does completing it by other means
 * ({@link CompletableFuture#orTimeout} for example).
 */
public final class RpcClient implements AutoCloseable {
    private final ClientContext context;
    private final CallStarter starter;

    private RpcClient(ClientContext context) {
        this.context = context;
        this.starter = new CallStarter(context);
    }

    /** A builder with finite defaults. */
    public static Builder builder(RpcPlatform platform) {
        return new Builder(platform);
    }

    /** Collects the settings of a client. Not thread-safe. */
    public static final class Builder {
        private final RpcPlatform platform;
        private ClientLimits limits = ClientLimits.DEFAULT;
        private PortPolicy ports = PortPolicy.ephemeral();
        private ConnectionPolicy connections = ConnectionPolicy.DEFAULT;
        private RpcClientListener listener = RpcClientListener.NONE;
        private boolean anyReplyAddress;
        private Consumer<Endpoint> onOpened = endpoint -> {};

        private Builder(RpcPlatform platform) {
            this.platform = Objects.requireNonNull(platform, "platform");
        }

        /** What the client holds at the most; {@link ClientLimits#DEFAULT} unless set. */
        public Builder limits(ClientLimits value) {
            limits = Objects.requireNonNull(value, "limits");
            return this;
        }

        /**
         * Local ports of endpoints that the client opens itself; ephemeral unless set. A fixed port
         * is for UDP, on all local addresses; connections then take an ephemeral one.
         */
        public Builder localPorts(PortPolicy value) {
            ports = Objects.requireNonNull(value, "ports");
            return this;
        }

        /** Connecting, idle close and back-off; {@link ConnectionPolicy#DEFAULT} unless set. */
        public Builder connections(ConnectionPolicy value) {
            connections = Objects.requireNonNull(value, "connections");
            return this;
        }

        /** Who watches; nobody unless set. */
        public Builder listener(RpcClientListener value) {
            listener = Objects.requireNonNull(value, "listener");
            return this;
        }

        /**
         * Takes a reply over UDP from whatever address it comes, for servers that answer from
         * another address than the one they were called at. Then anybody who guesses an xid can
         * answer in a server's stead: leave it off unless such a server must be called.
         */
        public Builder acceptRepliesFromAnyAddress(boolean value) {
            anyReplyAddress = value;
            return this;
        }

        /**
         * Told of each UDP socket and connection that the client opens itself, before the first
         * call leaves there. Here a server's {@code attach} belongs, so that calls which come back
         * over it are served; a connection that brings calls does not count as idle. From now on
         * {@link RpcClient#callOn} takes the endpoint. It must not block. What it throws fails the
         * calls that needed the endpoint, which is closed.
         */
        public Builder onOpened(Consumer<Endpoint> told) {
            onOpened = Objects.requireNonNull(told, "told");
            return this;
        }

        /** The client. */
        public RpcClient build() {
            return new RpcClient(
                    new ClientContext(
                            platform,
                            limits,
                            ports,
                            connections,
                            anyReplyAddress,
                            onOpened,
                            new ClientEvents(listener)));
        }
    }

    /**
     * Uses an open endpoint, in addition to those that the client opens itself: a UDP socket serves
     * every target whose source is its address (so one privileged port serves any number of hosts,
     * and a server's calls leave from the port it listens on); a connection serves {@link #callOn}.
     * Of several sockets with one address the first serves the targets, the others {@code callOn};
     * one with a wildcard address serves targets that name no source. The client never closes an
     * attached endpoint, and forgets it when it is closed.
     *
     * @throws IllegalStateException when the endpoint has a receiver of replies already, or the
     *     client is closed
     */
    public void attach(Endpoint endpoint) {
        starter.attach(Objects.requireNonNull(endpoint, "endpoint"));
    }

    /**
     * Calls and brings the results, or fails with an {@link RpcException}.
     *
     * @throws IllegalArgumentException when the arguments cannot be encoded
     */
    public <A, R> CompletableFuture<R> call(
            RpcTarget target, Procedure<A, R> procedure, A arguments, CallOptions options) {
        Objects.requireNonNull(target, "target");
        return starter.start(target, CallMessage.of(procedure, arguments, options, false));
    }

    /**
     * As {@link #call}, over exactly this endpoint: one that is attached, or that the client has
     * opened itself ({@link Builder#onOpened}). So a handler can call back whoever called it, over
     * the same connection, whichever side has opened that.
     *
     * <p>A handler that answers only when its own call back is answered keeps a slot of the other
     * side's window ({@link ConnectionPolicy#inFlight()}) meanwhile. Chains of such calls can use
     * up the windows of both sides, so that none of them is ever sent; each ends at its time limit
     * with an {@link RpcTimeoutException} that says what it waited for. Keep fewer chains in flight
     * than the window has slots, or answer first and call afterwards.
     *
     * @param peer where to; a connection ignores it
     * @throws IllegalArgumentException when the arguments cannot be encoded, or the endpoint is
     *     open and unknown to this client
     */
    public <A, R> CompletableFuture<R> callOn(
            Endpoint endpoint,
            SocketAddress peer,
            Procedure<A, R> procedure,
            A arguments,
            CallOptions options) {
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(peer, "peer");
        return starter.startOn(
                endpoint, peer, CallMessage.of(procedure, arguments, options, false));
    }

    /**
     * Sends a call that nobody waits for: the future completes when it has been handed to the
     * socket, a reply is dropped, and nothing is left behind. Over UDP it does not wait for the
     * congestion window.
     *
     * @throws IllegalArgumentException when the arguments cannot be encoded
     */
    public <A> CompletableFuture<Void> send(
            RpcTarget target, Procedure<A, ?> procedure, A arguments, CallOptions options) {
        Objects.requireNonNull(target, "target");
        return starter.start(target, CallMessage.oneWay(procedure, arguments, options));
    }

    /**
     * As {@link #send}, over exactly this endpoint, as {@link #callOn} does.
     *
     * @param peer where to; a connection ignores it
     * @throws IllegalArgumentException when the arguments cannot be encoded, or the endpoint is
     *     open and unknown to this client
     */
    public <A> CompletableFuture<Void> sendOn(
            Endpoint endpoint,
            SocketAddress peer,
            Procedure<A, ?> procedure,
            A arguments,
            CallOptions options) {
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(peer, "peer");
        return starter.startOn(endpoint, peer, CallMessage.oneWay(procedure, arguments, options));
    }

    /**
     * Calls everybody who hears an address, and gathers the replies until the time limit of the
     * options, or until there are enough. The call is sent again at growing intervals, under one
     * xid, from one socket; each address counts with its first reply. Replies are taken from any
     * address, rejections are passed over, and nobody's congestion window is asked or changed. The
     * future brings what was gathered, which may be nothing; it fails only when the call could not
     * be sent at all, because of the address, a socket that stayed full, or the close of the
     * client. Cancelling it ends the broadcast.
     *
     * @param target over UDP: a subnet's broadcast address, 255.255.255.255 (with the {@linkplain
     *     RpcTarget#from source} that belongs to the wanted network), an IPv6 multicast address
     *     with its scope, as in {@code ff02::202%eth0}
     * @throws IllegalArgumentException when the arguments cannot be encoded, or the target is not
     *     over UDP
     */
    public <A, R> CompletableFuture<List<BroadcastReply<R>>> broadcast(
            RpcTarget target,
            Procedure<A, R> procedure,
            A arguments,
            CallOptions options,
            Gathering<R> gathering) {
        Objects.requireNonNull(gathering, "gathering");
        if (target.transport() != Transport.UDP) {
            throw new IllegalArgumentException("broadcast over " + target.transport());
        }
        return starter.broadcast(
                target, CallMessage.of(procedure, arguments, options, false), gathering);
    }

    /**
     * Calls and waits for the results. Not for I/O threads, nor for handlers that run there.
     *
     * @throws RpcException when there are none
     * @throws InterruptedException when interrupted; the call is cancelled
     * @throws IllegalStateException on a thread that receives messages or completes calls: it would
     *     wait for itself
     */
    public <A, R> R callAndWait(
            RpcTarget target, Procedure<A, R> procedure, A arguments, CallOptions options)
            throws RpcException, InterruptedException {
        if (IoThread.isCurrent()) {
            throw new IllegalStateException(
                    "waiting for " + procedure + " on a thread that receives replies");
        }
        CompletableFuture<R> call = call(target, procedure, arguments, options);
        try {
            return call.get();
        } catch (InterruptedException e) {
            call.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RpcException failure) {
                throw failure;
            }
            throw new IllegalStateException("call ended unexpectedly", e.getCause());
        }
    }

    /** What the client runs on. */
    public RpcPlatform platform() {
        return context.platform();
    }

    /** What happened so far. */
    public RpcClientStatistics statistics() {
        return starter.statistics();
    }

    /** Names every number of {@link #statistics} to a metrics system, to be read at any time. */
    public void publish(MetricSink sink) {
        ClientMetrics.publish(this::statistics, Objects.requireNonNull(sink, "sink"));
    }

    /** What is known of an address that was called over UDP; empty when nothing is. */
    public Optional<HostMeasure> measure(InetSocketAddress host) {
        return starter.measure(host);
    }

    /** Ends every call with {@link RpcClosedException} and closes the endpoints it opened. */
    @Override
    public void close() {
        starter.close();
    }
}
