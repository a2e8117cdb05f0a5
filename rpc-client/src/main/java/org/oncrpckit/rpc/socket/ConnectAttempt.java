package org.oncrpckit.rpc.socket;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.transport.ConnectTimeLimit;
import org.oncrpckit.rpc.transport.Endpoint;

/** One attempt to connect. */
final class ConnectAttempt implements IoLoop.Watched {
    private final SocketChannel channel;
    private final SocketAddress remote;
    private final StreamSettings settings;
    private final Consumer<StreamEndpoint> created;
    private final CompletableFuture<Endpoint> future = new CompletableFuture<>();
    private volatile IoLoop.@Nullable Watch watch;

    private ConnectAttempt(
            SocketChannel channel,
            SocketAddress remote,
            StreamSettings settings,
            Consumer<StreamEndpoint> created) {
        this.channel = channel;
        this.remote = remote;
        this.settings = settings;
        this.created = created;
    }

    /**
     * Begins to connect.
     *
     * @param created told of the connection before it is opened
     */
    static CompletableFuture<Endpoint> connect(
            SocketAddress remote,
            @Nullable InetSocketAddress local,
            Duration timeLimit,
            StreamSettings settings,
            IoLoop loop,
            Consumer<StreamEndpoint> created) {
        try {
            SocketChannel channel = begin(remote, local);
            ConnectAttempt connector = new ConnectAttempt(channel, remote, settings, created);
            return connector.start(loop, timeLimit);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static SocketChannel begin(SocketAddress remote, @Nullable InetSocketAddress local)
            throws IOException {
        ProtocolFamily family = StandardProtocolFamily.UNIX;
        if (remote instanceof InetSocketAddress inet) {
            if (inet.isUnresolved()) {
                throw named(remote, local, new IOException("the name has no address"));
            }
            family = Routes.family(inet.getAddress());
        }
        SocketChannel channel;
        try {
            channel = SocketChannel.open(family);
        } catch (IOException | UnsupportedOperationException e) {
            // The latter where the host has no IPv6.
            throw named(remote, local, e);
        }
        try {
            StreamAcceptor.configure(channel);
            if (local != null) {
                // A port in TIME_WAIT towards one host is free for all others.
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                channel.bind(local);
            }
            channel.connect(remote);
            return channel;
        } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
            channel.close();
            throw named(remote, local, e);
        }
    }

    /** A failure to connect that says where to. */
    static IOException named(
            SocketAddress remote, @Nullable InetSocketAddress local, Exception cause) {
        String from = local == null ? "" : " from " + local;
        String why = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        ConnectException named =
                new ConnectException("cannot connect to " + remote + from + ": " + why);
        named.initCause(cause);
        return named;
    }

    private CompletableFuture<Endpoint> start(IoLoop loop, Duration timeLimit) {
        ConnectTimeLimit.start(settings.timers(), timeLimit, remote, future);
        var unused =
                future.whenComplete(
                        (endpoint, failure) -> {
                            if (endpoint == null) {
                                release();
                            }
                        });
        loop.watch(channel, this);
        return future;
    }

    @Override
    public void watched(IoLoop.Watch by) {
        watch = by;
        if (future.isDone()) {
            by.release();
        } else if (channel.isConnected()) {
            finish();
        }
    }

    @Override
    public int interest() {
        return SelectionKey.OP_CONNECT;
    }

    @Override
    public void ready(int operations) {
        try {
            if (channel.finishConnect()) {
                finish();
            }
        } catch (IOException e) {
            fail(named(remote, null, e));
        }
    }

    private void finish() {
        try {
            StreamEndpoint endpoint =
                    new StreamEndpoint(
                            channel,
                            StreamAddresses.of(channel),
                            Patience.ENDLESS,
                            settings,
                            this::complete);
            created.accept(endpoint);
            Objects.requireNonNull(watch, "watch").handOver(endpoint);
        } catch (IOException e) {
            fail(named(remote, null, e));
        }
    }

    private void complete(Endpoint endpoint) {
        if (!future.complete(endpoint)) {
            endpoint.close();
        }
    }

    @Override
    public void failed(IOException failure) {
        fail(named(remote, null, failure));
    }

    private void fail(IOException failure) {
        future.completeExceptionally(failure);
    }

    private void release() {
        IoLoop.Watch by = watch;
        if (by != null) {
            by.release();
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            // There is no more that could be done with it.
        }
    }
}
