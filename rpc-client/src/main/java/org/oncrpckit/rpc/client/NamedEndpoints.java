package org.oncrpckit.rpc.client;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.transport.CloseReason;
import org.oncrpckit.rpc.transport.Endpoint;

/**
 * The endpoints that a call may name ({@link RpcClient#callOn}): those attached, and those that the
 * client has opened itself. Lock-free.
 */
final class NamedEndpoints {
    /**
     * How calls leave there.
     *
     * @param peer where they take their turn; null for UDP, where each remote address has its own
     */
    record Entry(CallChannel channel, @Nullable ConnectionPeer peer) {}

    private final ClientContext context;
    private final ConcurrentMap<Endpoint, Entry> entries = new ConcurrentHashMap<>();

    NamedEndpoints(ClientContext context) {
        this.context = context;
    }

    @Nullable Entry find(Endpoint endpoint) {
        return entries.get(endpoint);
    }

    /**
     * Takes over an endpoint that somebody else has opened.
     *
     * @param closed called once with the channel when the endpoint closes
     * @throws IllegalStateException when the endpoint has a receiver of replies already
     */
    CallChannel attach(Endpoint endpoint, BiConsumer<CallChannel, CloseReason> closed) {
        CallChannel channel = new CallChannel(context, endpoint);
        AttachedPeer peer =
                endpoint.transport().isStream() ? new AttachedPeer(context, channel) : null;
        channel.takeReplies(
                reason -> {
                    entries.remove(endpoint);
                    if (peer != null) {
                        peer.failWaiting(
                                trace -> new RpcClosedException("connection closed", trace));
                    }
                    closed.accept(channel, reason);
                });
        enter(endpoint, new Entry(channel, peer));
        return channel;
    }

    /**
     * Takes over an endpoint that the client has opened, and tells of it. Nothing is read from a
     * connection until both directions have their receivers.
     *
     * @param peer whom a connection leads to; null for UDP
     * @param closed called once with the channel when the endpoint closes
     * @throws RuntimeException what was thrown by whoever was told; the endpoint is closed
     */
    CallChannel open(
            Endpoint endpoint,
            @Nullable ConnectionPeer peer,
            BiConsumer<CallChannel, CloseReason> closed) {
        CallChannel channel = new CallChannel(context, endpoint);
        endpoint.suspendReading();
        enter(endpoint, new Entry(channel, peer));
        try {
            context.onOpened().accept(endpoint);
            channel.takeReplies(
                    reason -> {
                        entries.remove(endpoint);
                        closed.accept(channel, reason);
                    });
        } catch (RuntimeException e) {
            entries.remove(endpoint);
            channel.shut("endpoint closed on this side");
            endpoint.close();
            throw e;
        }
        endpoint.resumeReading();
        return channel;
    }

    private void enter(Endpoint endpoint, Entry entry) {
        entries.put(endpoint, entry);
        if (entry.channel.isShut()) {
            entries.remove(endpoint);
        }
    }

    /** Ends all calls; endpoints stay open. */
    void shut() {
        for (Entry each : entries.values()) {
            if (each.peer != null) {
                each.peer.close();
            }
            each.channel.shut("client closed");
        }
    }
}
