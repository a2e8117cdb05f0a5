package org.oncrpckit.rpc.socket;

import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.util.Objects;
import java.util.function.Function;
import org.glassfish.grizzly.EmptyCompletionHandler;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainBuilder;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.nio.transport.UDPNIOServerConnection;
import org.glassfish.grizzly.nio.transport.UDPNIOTransport;
import org.glassfish.grizzly.nio.transport.UDPNIOTransportBuilder;
import org.glassfish.grizzly.strategies.SameThreadIOStrategy;
import org.jspecify.annotations.Nullable;

/**
 * UDP on Grizzly: its transport watches the sockets, and the only filter of the chain drains a
 * socket that has become readable. Grizzly's own filter would read one datagram for each wake-up,
 * into a buffer as large as the socket's receive buffer.
 */
final class GrizzlyDatagrams implements AutoCloseable {
    private final UDPNIOTransport transport;

    GrizzlyDatagrams(int threads) throws IOException {
        transport =
                UDPNIOTransportBuilder.newInstance()
                        .setName("udp")
                        .setProcessor(FilterChainBuilder.stateless().add(new Drain()).build())
                        .setIOStrategy(SameThreadIOStrategy.getInstance())
                        .setSelectorRunnersCount(threads)
                        .setSelectorThreadPoolConfig(GrizzlyThreads.pool("udp", threads))
                        // Channels are opened and bound here, and never with SO_REUSEADDR; this
                        // is for whoever lets Grizzly open one.
                        .setReuseAddress(false)
                        .build();
        transport.start();
    }

    /**
     * Watches a bound channel.
     *
     * @param create makes the endpoint, given what releases its socket
     */
    DatagramEndpoint open(DatagramChannel channel, Function<Runnable, DatagramEndpoint> create)
            throws IOException {
        Socket socket = new Socket(transport, channel);
        DatagramEndpoint endpoint = create.apply(socket::release);
        socket.endpoint = endpoint;
        socket.register();
        return endpoint;
    }

    @Override
    public void close() {
        GrizzlyThreads.shutDown(transport);
    }

    private static final class Socket extends UDPNIOServerConnection {
        private final UDPNIOTransport owner;

        /** Null only until the socket is registered, and so before anything arrives. */
        private volatile @Nullable DatagramEndpoint endpoint;

        Socket(UDPNIOTransport owner, DatagramChannel channel) {
            super(owner, channel);
            this.owner = owner;
        }

        void release() {
            unbind(new EmptyCompletionHandler<>());
            if (getSelectorRunner() != null) {
                GrizzlyThreads.awaitRelease(owner, getSelectorRunner());
            }
        }
    }

    private static final class Drain extends BaseFilter {
        @Override
        public NextAction handleRead(FilterChainContext context) {
            Socket socket = (Socket) context.getConnection();
            Objects.requireNonNull(socket.endpoint, "endpoint").drain();
            return context.getStopAction();
        }
    }
}
