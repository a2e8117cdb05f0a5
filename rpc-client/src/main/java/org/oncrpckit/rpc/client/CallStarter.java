package org.oncrpckit.rpc.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Transport;

/** Finds channel and peer for each call and gives the call to them. Thread-safe, lock-free. */
final class CallStarter {
    private final ClientContext context;
    private final DatagramChannels datagrams;
    private final PeerTable peers;
    private final NamedEndpoints endpoints;
    private volatile boolean closed;

    CallStarter(ClientContext context) {
        this.context = context;
        this.endpoints = new NamedEndpoints(context);
        this.datagrams = new DatagramChannels(context, endpoints);
        this.peers = new PeerTable(context, new StreamConnector(context, endpoints));
    }

    void attach(Endpoint endpoint) {
        if (closed) {
            throw new IllegalStateException("client closed");
        }
        boolean datagram = !endpoint.transport().isStream();
        CallChannel channel =
                endpoints.attach(
                        endpoint,
                        (closedOne, reason) -> {
                            if (datagram) {
                                datagrams.detach(closedOne);
                            }
                        });
        if (datagram) {
            datagrams.attach(channel);
        }
        if (closed) {
            endpoints.shut();
        }
    }

    <R> CompletableFuture<R> start(RpcTarget target, CallMessage<R> message) {
        Function<CallTrace, RpcException> refusal = admit();
        if (refusal != null) {
            return refused(target, message, refusal);
        }
        return target.transport() == Transport.UDP
                ? startDatagram(target, message, null)
                : startStream(target, message);
    }

    <R> CompletableFuture<R> startOn(
            Endpoint endpoint, SocketAddress peer, CallMessage<R> message) {
        NamedEndpoints.Entry named = endpoints.find(endpoint);
        if (named == null && !closed && !isClosed(endpoint)) {
            throw new IllegalArgumentException(
                    endpoint + " is neither attached nor opened by this client");
        }
        SocketAddress remote = endpoint.peer().orElse(peer);
        InetAddress source =
                endpoint.localAddress() instanceof InetSocketAddress local
                        ? local.getAddress()
                        : null;
        RpcTarget target = new RpcTarget(endpoint.transport(), remote, source);
        Function<CallTrace, RpcException> refusal = admit();
        if (refusal == null && named == null) {
            refusal = trace -> new RpcClosedException("endpoint closed", trace);
        }
        if (refusal != null || named == null) {
            return refused(target, message, refusal);
        }
        if (named.peer() == null) {
            return startDatagram(target, message, named.channel());
        }
        if (!named.peer().use()) {
            return refused(
                    target, message, trace -> new RpcClosedException("connection closed", trace));
        }
        Call<R> call = newCall(target, message, named.peer());
        call.routeThrough(named.channel());
        return submit(call, named.peer());
    }

    private static boolean isClosed(Endpoint endpoint) {
        return endpoint.closed().toCompletableFuture().isDone();
    }

    /** Counts a call that begins; says why it must not. */
    private @Nullable Function<CallTrace, RpcException> admit() {
        int running = context.events().begun();
        if (closed) {
            return trace -> new RpcClosedException("client closed", trace);
        }
        int max = context.limits().calls();
        return running <= max
                ? null
                : trace -> new RpcUnreachableException(max + " calls run (limit)", trace, null);
    }

    private <T> CompletableFuture<T> refused(
            RpcTarget target,
            CallMessage<?> message,
            @Nullable Function<CallTrace, RpcException> why) {
        CallTrace trace = new CallTrace(target, message.procedure(), 0, Duration.ZERO, 0);
        RpcException failure =
                why == null ? new RpcClosedException("client closed", trace) : why.apply(trace);
        context.events().ended();
        context.events().failed(failure);
        return CompletableFuture.failedFuture(failure);
    }

    private <R> CompletableFuture<R> tableFull(RpcTarget target, CallMessage<R> message) {
        String what = context.limits().hosts() + " hosts are in use (limit)";
        return refused(target, message, trace -> new RpcUnreachableException(what, trace, null));
    }

    private <R> CompletableFuture<R> startStream(RpcTarget target, CallMessage<R> message) {
        StreamPeer peer = peers.acquire(target);
        return peer == null
                ? tableFull(target, message)
                : submit(newCall(target, message, peer), peer);
    }

    private <R> CompletableFuture<R> startDatagram(
            RpcTarget target, CallMessage<R> message, @Nullable CallChannel given) {
        DatagramPeer peer = peers.acquire((InetSocketAddress) target.address());
        if (peer == null) {
            return tableFull(target, message);
        }
        Call<R> call = newCall(target, message, peer);
        CompletableFuture<CallChannel> channel =
                given == null
                        ? datagrams.channelTo(peer, target.source())
                        : CompletableFuture.completedFuture(given);
        if (channel.isDone() && !channel.isCompletedExceptionally()) {
            // Nearly always: no stage is needed for a socket that is there.
            submit(call, peer, message, channel.join());
        } else {
            var unused =
                    channel.whenComplete(
                            (found, failure) -> {
                                if (failure != null) {
                                    fail(call, failure);
                                } else {
                                    submit(call, peer, message, found);
                                }
                            });
        }
        call.awaitTurn();
        return call;
    }

    private static void submit(
            Call<?> call, DatagramPeer peer, CallMessage<?> message, CallChannel channel) {
        if (message.oneWay()) {
            sendNow(call, channel);
        } else {
            call.routeThrough(channel);
            peer.submit(call);
        }
    }

    /** Takes a target over UDP. */
    <R> CompletableFuture<List<BroadcastReply<R>>> broadcast(
            RpcTarget target, CallMessage<R> message, Gathering<R> gathering) {
        Function<CallTrace, RpcException> refusal = admit();
        if (refusal != null) {
            return refused(target, message, refusal);
        }
        Broadcast<R> broadcast = new Broadcast<>(context, target, message, gathering);
        InetAddress everybody = ((InetSocketAddress) target.address()).getAddress();
        var unused =
                datagrams
                        .channelTo(everybody, target.source())
                        .whenComplete(
                                (found, failure) -> {
                                    broadcast.watch();
                                    if (failure == null) {
                                        broadcast.start(found);
                                    } else {
                                        fail(broadcast, failure);
                                    }
                                });
        return broadcast.result();
    }

    private static void sendNow(Call<?> call, CallChannel channel) {
        if (!call.start(channel)) {
            call.fail(trace -> new RpcClosedException("endpoint closed", trace));
        }
    }

    private static void fail(ReplyWaiter call, Throwable failure) {
        Throwable cause = Failures.causeOf(failure);
        call.fail(
                trace ->
                        new RpcUnreachableException(
                                "cannot be sent: " + cause.getMessage(), trace, cause));
    }

    private <R> Call<R> newCall(RpcTarget target, CallMessage<R> message, Peer peer) {
        return new Call<>(context, target, message, peer);
    }

    private static <R> Call<R> submit(Call<R> call, Peer peer) {
        peer.submit(call);
        call.awaitTurn();
        return call;
    }

    RpcClientStatistics statistics() {
        return context.events()
                .snapshot(peers.size(), peers.connections(), datagrams.openedCount());
    }

    Optional<HostMeasure> measure(InetSocketAddress host) {
        return Optional.ofNullable(peers.find(host)).map(DatagramPeer::measure);
    }

    /** Ends all calls. Who starts one at the same time finds a closed peer or a shut channel. */
    void close() {
        closed = true;
        peers.close();
        datagrams.close();
        endpoints.shut();
    }
}
