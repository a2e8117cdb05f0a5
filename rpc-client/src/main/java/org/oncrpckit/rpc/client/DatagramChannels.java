package org.oncrpckit.rpc.client;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Network;

/**
 * The UDP sockets of a client, by local address. Attached ones come first; a missing one is bound
 * by the first call that needs it, while others wait for the same attempt. Lock-free: binding
 * happens outside of any lock.
 */
final class DatagramChannels {
    private final ClientContext context;
    private final NamedEndpoints endpoints;
    private final ConcurrentMap<ScopedAddress, CallChannel> attached = new ConcurrentHashMap<>();
    private final ConcurrentMap<ScopedAddress, CompletableFuture<CallChannel>> opened =
            new ConcurrentHashMap<>();
    private volatile boolean closed;

    DatagramChannels(ClientContext context, NamedEndpoints endpoints) {
        this.context = context;
        this.endpoints = endpoints;
    }

    /** Uses this channel for calls from its address, unless one is attached there already. */
    void attach(CallChannel channel) {
        attached.putIfAbsent(localAddress(channel), channel);
        if (channel.isShut()) {
            // It was closed before there was anything to detach.
            detach(channel);
        }
    }

    void detach(CallChannel channel) {
        attached.remove(localAddress(channel), channel);
    }

    private static ScopedAddress localAddress(CallChannel channel) {
        InetSocketAddress local = (InetSocketAddress) channel.endpoint().localAddress();
        return ScopedAddress.of(local.getAddress());
    }

    /**
     * The channel for calls to a peer.
     *
     * @param source local address to call from; null for the one that routing picks
     */
    CompletableFuture<CallChannel> channelTo(DatagramPeer peer, @Nullable InetAddress source) {
        if (source != null) {
            return channelFrom(ScopedAddress.of(source), true);
        }
        try {
            return channelFrom(routedSource(peer), false);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** As {@link #channelTo}, without anything remembered of the address. */
    CompletableFuture<CallChannel> channelTo(InetAddress remote, @Nullable InetAddress source) {
        if (source != null) {
            return channelFrom(ScopedAddress.of(source), true);
        }
        try {
            return channelFrom(
                    ScopedAddress.of(context.platform().network().sourceFor(remote)), false);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The channel of a local address; {@code wanted} says that it must be this very address. */
    private CompletableFuture<CallChannel> channelFrom(ScopedAddress key, boolean wanted) {
        CallChannel exact = attached.get(key);
        if (exact != null) {
            return CompletableFuture.completedFuture(exact);
        }
        if (!wanted) {
            CallChannel wildcard = attachedWildcard(key.address() instanceof Inet4Address);
            if (wildcard != null) {
                return CompletableFuture.completedFuture(wildcard);
            }
        }
        CompletableFuture<CallChannel> open = opened.get(key);
        return open != null ? open : open(key);
    }

    private ScopedAddress routedSource(DatagramPeer peer) throws IOException {
        ScopedAddress known = peer.knownSource();
        if (known != null) {
            return known;
        }
        Network network = context.platform().network();
        ScopedAddress source = ScopedAddress.of(network.sourceFor(peer.address().getAddress()));
        peer.rememberSource(source);
        return source;
    }

    private @Nullable CallChannel attachedWildcard(boolean ipv4) {
        if (attached.isEmpty()) {
            return null;
        }
        for (CallChannel each : attached.values()) {
            InetSocketAddress local = (InetSocketAddress) each.endpoint().localAddress();
            if (local.getAddress().isAnyLocalAddress()
                    && local.getAddress() instanceof Inet4Address == ipv4) {
                return each;
            }
        }
        return null;
    }

    private CompletableFuture<CallChannel> open(ScopedAddress key) {
        CompletableFuture<CallChannel> mine = new CompletableFuture<>();
        CompletableFuture<CallChannel> other = opened.putIfAbsent(key, mine);
        if (other != null) {
            return other;
        }
        try {
            Network network = context.platform().network();
            Endpoint endpoint = context.ports().bindDatagram(network, (InetAddress) key.address());
            CallChannel channel =
                    endpoints.open(endpoint, null, (closedOne, reason) -> opened.remove(key, mine));
            mine.complete(channel);
            if (closed) {
                close(channel);
            }
        } catch (IOException | RuntimeException e) {
            opened.remove(key, mine);
            mine.completeExceptionally(e);
        }
        return mine;
    }

    /** Sockets that the client has opened. */
    int openedCount() {
        return opened.size();
    }

    /** Closes what was opened and fails the calls in flight everywhere. */
    void close() {
        closed = true;
        attached.values().forEach(channel -> channel.shut("client closed"));
        for (CompletableFuture<CallChannel> each : opened.values()) {
            var unused = each.thenAccept(DatagramChannels::close);
        }
    }

    private static void close(CallChannel channel) {
        channel.shut("client closed");
        channel.endpoint().close();
    }
}
