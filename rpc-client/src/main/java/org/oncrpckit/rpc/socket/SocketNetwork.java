package org.oncrpckit.rpc.socket;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Network;
import org.oncrpckit.rpc.transport.StreamListener;
import org.oncrpckit.rpc.transport.Timers;

/**
 * Endpoints over the sockets of this host: UDP and TCP on Grizzly, UNIX-domain sockets on the JDK.
 * Threads are started with the first endpoint of their kind and are daemons: {@code
 * selectorThreads} for UDP, as many for TCP, one for UNIX-domain sockets, whatever the number of
 * endpoints.
 */
public final class SocketNetwork implements Network {
    private static final int SELECTOR_THREADS_MAX = 1024;

    /** Connections that wait to be accepted, as far as the kernel grants it. */
    private static final int BACKLOG = 4096;

    private static final String CLOSED = "the network is closed";

    private final StreamSettings streams;
    private final int selectorThreads;
    private final int datagramBufferBytes;
    private final Routes routes;

    /** What is open, to be closed at the end. */
    private final Set<SocketEndpoint> endpoints = ConcurrentHashMap.newKeySet();

    private final Set<StreamAcceptor> acceptors = ConcurrentHashMap.newKeySet();

    private final Set<Connecting> attempts = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private @Nullable GrizzlyDatagrams datagrams;

    @GuardedBy("lock")
    private @Nullable IoLoop tcp;

    @GuardedBy("lock")
    private @Nullable IoLoop unix;

    private SocketNetwork(Builder builder) {
        this.streams = new StreamSettings(builder.limits, builder.timers, new ChunkPool());
        this.selectorThreads = builder.selectorThreads;
        this.datagramBufferBytes = builder.datagramBufferBytes;
        this.routes = new Routes(builder.timers::nanoTime);
    }

    /** A builder with finite defaults; idle connections and slow connects are timed by these. */
    public static Builder builder(Timers timers) {
        return new Builder(timers);
    }

    /** Collects the settings of a network. */
    public static final class Builder {
        private final Timers timers;
        private SocketLimits limits = SocketLimits.DEFAULT;
        private int selectorThreads =
                Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 2));
        private int datagramBufferBytes = 4 << 20;

        private Builder(Timers timers) {
            this.timers = Objects.requireNonNull(timers, "timers");
        }

        /** What peers may ask for; {@link SocketLimits#DEFAULT} unless set. */
        public Builder limits(SocketLimits value) {
            limits = Objects.requireNonNull(value, "limits");
            return this;
        }

        /**
         * Selector threads, 1 to 1024, for UDP and again for TCP; half the processors, at most 4,
         * unless set.
         */
        public Builder selectorThreads(int value) {
            if (value < 1 || value > SELECTOR_THREADS_MAX) {
                throw new IllegalArgumentException(
                        value + " selector threads (expected: 1 to " + SELECTOR_THREADS_MAX + ")");
            }
            selectorThreads = value;
            return this;
        }

        /**
         * Bytes that the kernel is asked to keep for a UDP socket in each direction; 4 MiB unless
         * set. It may grant less (net.core.rmem_max, wmem_max).
         */
        public Builder datagramBufferBytes(int value) {
            if (value < 1) {
                throw new IllegalArgumentException(value + " bytes (expected: 1 or more)");
            }
            datagramBufferBytes = value;
            return this;
        }

        /** The network; it opens nothing and starts no thread yet. */
        public SocketNetwork build() {
            return new SocketNetwork(this);
        }
    }

    @Override
    public Endpoint bindDatagram(InetSocketAddress local) throws IOException {
        InetAddress address = resolved(local);
        GrizzlyDatagrams by = naming(local, this::datagrams);
        DatagramChannel channel = naming(local, () -> DatagramChannel.open(Routes.family(address)));
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, datagramBufferBytes);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, datagramBufferBytes);
            if (address instanceof Inet4Address) {
                channel.setOption(StandardSocketOptions.SO_BROADCAST, true);
            }
            channel.bind(local);
            int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
            InetSocketAddress bound = new InetSocketAddress(address, port);
            int drained = streams.limits().datagramsPerWakeUpMax();
            DatagramEndpoint endpoint =
                    by.open(
                            channel,
                            release -> new DatagramEndpoint(channel, bound, drained, release));
            keep(endpoint);
            checkOpen();
            return endpoint;
        } catch (IOException e) {
            channel.close();
            throw named(local, e);
        }
    }

    @Override
    public StreamListener listen(SocketAddress local, Consumer<Endpoint> accepted)
            throws IOException {
        Objects.requireNonNull(accepted, "accepted");
        if (local instanceof UnixDomainSocketAddress unixAddress) {
            IoLoop loop = naming(local, this::unix);
            ServerSocketChannel channel =
                    naming(local, () -> ServerSocketChannel.open(StandardProtocolFamily.UNIX));
            try {
                UnixSocketFile file = UnixSocketFile.bind(channel, unixAddress, BACKLOG);
                return listen(channel, loop, accepted, file::remove);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        }
        if (!(local instanceof InetSocketAddress inet)) {
            throw new BindException("cannot bind " + local + ": unknown kind of address");
        }
        ProtocolFamily family = Routes.family(resolved(inet));
        IoLoop loop = naming(local, this::tcp);
        ServerSocketChannel channel = naming(local, () -> ServerSocketChannel.open(family));
        try {
            channel.bind(inet, BACKLOG);
            return listen(channel, loop, accepted, () -> {});
        } catch (IOException e) {
            channel.close();
            throw named(inet, e);
        }
    }

    private StreamListener listen(
            ServerSocketChannel channel, IoLoop loop, Consumer<Endpoint> accepted, Runnable closing)
            throws IOException {
        channel.configureBlocking(false);
        StreamAcceptor acceptor =
                new StreamAcceptor(
                        channel,
                        streams,
                        loop,
                        this::keep,
                        accepted,
                        ended -> {
                            acceptors.remove(ended);
                            closing.run();
                        });
        acceptors.add(acceptor);
        if (closed) {
            acceptor.close();
        }
        checkOpen();
        loop.watch(channel, acceptor);
        return acceptor;
    }

    @Override
    public CompletableFuture<Endpoint> connect(
            SocketAddress remote, @Nullable InetSocketAddress local, Duration timeLimit) {
        Objects.requireNonNull(remote, "remote");
        CompletableFuture<Endpoint> attempt;
        try {
            IoLoop loop = remote instanceof UnixDomainSocketAddress ? unix() : tcp();
            attempt = ConnectAttempt.connect(remote, local, timeLimit, streams, loop, this::keep);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(ConnectAttempt.named(remote, local, e));
        }
        Connecting connecting = new Connecting(attempt, remote);
        attempts.add(connecting);
        var unused = attempt.whenComplete((endpoint, failure) -> attempts.remove(connecting));
        if (closed) {
            connecting.giveUp();
        }
        return attempt;
    }

    /** A connection that is being made. */
    private record Connecting(CompletableFuture<Endpoint> attempt, SocketAddress remote) {
        /** Nobody else would: neither the loop nor, once they are closed, the timers. */
        void giveUp() {
            IOException failure = new IOException(CLOSED);
            attempt.completeExceptionally(ConnectAttempt.named(remote, null, failure));
        }
    }

    @Override
    public InetAddress sourceFor(InetAddress remote) throws IOException {
        return routes.sourceFor(remote);
    }

    @Override
    public List<InetAddress> localAddresses() throws IOException {
        return Routes.localAddresses();
    }

    /**
     * Closes all that is open and ends the threads; waits for them at most some seconds, and not at
     * all on one of them. Idempotent.
     */
    @Override
    public void close() {
        closed = true;
        closeOpen();
        GrizzlyDatagrams runningDatagrams;
        IoLoop runningTcp;
        IoLoop runningUnix;
        synchronized (lock) {
            runningDatagrams = datagrams;
            runningTcp = tcp;
            runningUnix = unix;
            datagrams = null;
            tcp = null;
            unix = null;
        }
        if (runningDatagrams != null) {
            runningDatagrams.close();
        }
        if (runningTcp != null) {
            runningTcp.close();
        }
        if (runningUnix != null) {
            runningUnix.close();
        }
        // What was accepted while the threads ended.
        closeOpen();
    }

    private void closeOpen() {
        acceptors.forEach(StreamAcceptor::close);
        attempts.forEach(Connecting::giveUp);
        endpoints.forEach(SocketEndpoint::close);
    }

    private void keep(SocketEndpoint endpoint) {
        endpoints.add(endpoint);
        var unused = endpoint.closed().thenRun(() -> endpoints.remove(endpoint));
        if (closed) {
            endpoint.close();
        }
    }

    private void checkOpen() throws IOException {
        if (closed) {
            throw new IOException(CLOSED);
        }
    }

    private GrizzlyDatagrams datagrams() throws IOException {
        synchronized (lock) {
            checkOpen();
            if (datagrams == null) {
                datagrams = new GrizzlyDatagrams(selectorThreads);
            }
            return datagrams;
        }
    }

    private IoLoop tcp() throws IOException {
        synchronized (lock) {
            checkOpen();
            if (tcp == null) {
                tcp = new GrizzlyLoop(selectorThreads);
            }
            return tcp;
        }
    }

    private IoLoop unix() throws IOException {
        synchronized (lock) {
            checkOpen();
            if (unix == null) {
                unix = new NioLoop("unix");
            }
            return unix;
        }
    }

    private static InetAddress resolved(InetSocketAddress address) throws BindException {
        if (address.isUnresolved()) {
            throw new BindException("cannot bind " + address + ": the name has no address");
        }
        return address.getAddress();
    }

    /** What is opened for a socket before there is anything to close again. */
    private interface Opening<T> {
        T open() throws IOException;
    }

    private static <T> T naming(SocketAddress local, Opening<T> opening) throws BindException {
        try {
            return opening.open();
        } catch (IOException | UnsupportedOperationException e) {
            // The latter where the host has no IPv6.
            throw named(local, e);
        }
    }

    private static BindException named(SocketAddress local, Exception cause) {
        BindException named = new BindException("cannot bind " + local + ": " + cause.getMessage());
        named.initCause(cause);
        return named;
    }
}
