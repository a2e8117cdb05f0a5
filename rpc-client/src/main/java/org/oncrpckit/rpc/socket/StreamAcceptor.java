package org.oncrpckit.rpc.socket;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.RateLimitedLog;
import org.oncrpckit.rpc.transport.StreamListener;
import org.oncrpckit.rpc.transport.Transport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listening socket: accepts, within its limit, and pauses while it cannot. */
final class StreamAcceptor implements StreamListener, IoLoop.Watched {
    private static final Logger LOG = LoggerFactory.getLogger(StreamAcceptor.class);

    private static final RateLimitedLog FAILURES = new RateLimitedLog(LOG);

    /** Connections accepted before the thread looks after others. */
    private static final int ACCEPTED_PER_WAKE_UP_MAX = 64;

    /** How long it accepts nothing after it could not, as when file descriptors have run out. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final ServerSocketChannel channel;
    private final SocketAddress local;
    private final StreamSettings settings;
    private final IoLoop loop;
    private final Consumer<StreamEndpoint> created;
    private final Consumer<Endpoint> accepted;
    private final Consumer<StreamAcceptor> closing;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean paused;
    private volatile IoLoop.@Nullable Watch watch;

    /**
     * A bound, non-blocking channel.
     *
     * @param created told of each connection before it is opened
     * @param accepted told of each connection when it is opened
     * @param closing told once, before the channel is closed
     */
    StreamAcceptor(
            ServerSocketChannel channel,
            StreamSettings settings,
            IoLoop loop,
            Consumer<StreamEndpoint> created,
            Consumer<Endpoint> accepted,
            Consumer<StreamAcceptor> closing)
            throws IOException {
        this.channel = channel;
        this.local = channel.getLocalAddress();
        this.settings = settings;
        this.loop = loop;
        this.created = created;
        this.accepted = accepted;
        this.closing = closing;
    }

    @Override
    public Transport transport() {
        return local instanceof UnixDomainSocketAddress ? Transport.UNIX : Transport.TCP;
    }

    @Override
    public SocketAddress localAddress() {
        return local;
    }

    @Override
    public void watched(IoLoop.Watch by) {
        watch = by;
        if (closed.get()) {
            by.release();
        }
    }

    @Override
    public int interest() {
        return paused ? 0 : SelectionKey.OP_ACCEPT;
    }

    @Override
    public void ready(int operations) {
        try {
            for (int i = 0; i < ACCEPTED_PER_WAKE_UP_MAX; i++) {
                SocketChannel connection = channel.accept();
                if (connection == null) {
                    return;
                }
                admit(connection);
            }
        } catch (ClosedChannelException e) {
            LOG.debug("{} is closed", this);
        } catch (IOException e) {
            pause(e);
        }
    }

    private void admit(SocketChannel connection) throws IOException {
        if (connections.get() >= settings.limits().connectionsMax()) {
            LOG.debug("{} has {} connections, the limit", this, connections.get());
            connection.close();
            return;
        }
        StreamEndpoint endpoint;
        try {
            configure(connection);
            endpoint =
                    new StreamEndpoint(
                            connection,
                            StreamAddresses.of(connection),
                            Patience.of(settings.limits()),
                            settings,
                            this::opened);
        } catch (IOException e) {
            // It was reset while it waited to be accepted.
            LOG.debug("{} could not take a connection", this, e);
            connection.close();
            return;
        }
        connections.incrementAndGet();
        var unused = endpoint.closed().thenRun(connections::decrementAndGet);
        created.accept(endpoint);
        loop.watch(connection, endpoint);
    }

    private void opened(StreamEndpoint endpoint) {
        try {
            accepted.accept(endpoint);
        } catch (RuntimeException e) {
            // Nobody would read it, and its peer would wait.
            FAILURES.warn(this + " closes a connection that could not be taken over", e);
            endpoint.close();
            return;
        }
        endpoint.startReading();
    }

    static void configure(SocketChannel connection) throws IOException {
        connection.configureBlocking(false);
        if (connection.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
            connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
            connection.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        }
    }

    private void pause(IOException failure) {
        FAILURES.warn(this + " cannot accept, and tries again in " + PAUSE, failure);
        paused = true;
        refresh();
        settings.timers()
                .schedule(
                        PAUSE,
                        () -> {
                            paused = false;
                            refresh();
                        });
    }

    private void refresh() {
        IoLoop.Watch by = watch;
        if (by != null) {
            by.refresh();
        }
    }

    @Override
    public void failed(IOException failure) {
        LOG.debug("{} failed", this, failure);
        close();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        closing.accept(this);
        IoLoop.Watch by = watch;
        if (by != null) {
            by.releaseAndWait();
        } else {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("closing {}", this, e);
            }
        }
    }

    @Override
    public String toString() {
        return transport() + " listener " + local;
    }
}
