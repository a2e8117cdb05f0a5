package org.oncrpckit.rpc.socket;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.Executor;
import org.glassfish.grizzly.CompletionHandler;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.EmptyCompletionHandler;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.IOStrategy;
import org.glassfish.grizzly.Transport;
import org.glassfish.grizzly.nio.RegisterChannelResult;
import org.glassfish.grizzly.nio.SelectorRunner;
import org.glassfish.grizzly.nio.transport.TCPNIOConnection;
import org.glassfish.grizzly.nio.transport.TCPNIOTransport;
import org.glassfish.grizzly.nio.transport.TCPNIOTransportBuilder;
import org.glassfish.grizzly.threadpool.ThreadPoolConfig;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.transport.RateLimitedLog;
import org.slf4j.LoggerFactory;

/**
 * TCP on Grizzly: its transport registers the channels, spreads them over its selector threads and
 * says when they are ready. The events come to us at its I/O strategy, before its filters, because
 * these would accept without pause while descriptors are short, and queue writes without a bound.
 */
final class GrizzlyLoop implements IoLoop {
    private static final RateLimitedLog FAILURES =
            new RateLimitedLog(LoggerFactory.getLogger(GrizzlyLoop.class));

    private final TCPNIOTransport transport;

    GrizzlyLoop(int threads) throws IOException {
        transport =
                TCPNIOTransportBuilder.newInstance()
                        .setName("tcp")
                        .setIOStrategy(new Dispatch())
                        .setSelectorRunnersCount(threads)
                        .setSelectorThreadPoolConfig(GrizzlyThreads.pool("tcp", threads))
                        .build();
        transport.start();
    }

    @Override
    public void watch(SelectableChannel channel, Watched watched) {
        Socket socket = new Socket(transport, channel, watched);
        try {
            transport
                    .getNIOChannelDistributor()
                    .registerChannelAsync(channel, 0, socket, socket.whenRegistered());
        } catch (RuntimeException e) {
            // The selector threads are gone.
            socket.release();
            watched.failed(new IOException("the network is closed", e));
        }
    }

    @Override
    public void close() {
        GrizzlyThreads.shutDown(transport);
    }

    private static final class Socket extends TCPNIOConnection implements Watch {
        private final TCPNIOTransport owner;
        private volatile Watched watched;

        Socket(TCPNIOTransport owner, SelectableChannel channel, Watched watched) {
            super(owner, channel);
            this.owner = owner;
            this.watched = watched;
        }

        CompletionHandler<RegisterChannelResult> whenRegistered() {
            return new EmptyCompletionHandler<>() {
                @Override
                public void completed(RegisterChannelResult result) {
                    setSelectionKey(result.getSelectionKey());
                    setSelectorRunner(result.getSelectorRunner());
                    guarded(() -> watched.watched(Socket.this));
                    applyInterest();
                }

                @Override
                public void failed(Throwable failure) {
                    release();
                    watched.failed(new IOException("the network is closed", failure));
                }
            };
        }

        void ready(int operations) {
            guarded(() -> watched.ready(operations));
        }

        /** A failure here is a bug of ours: it ends this channel, not the thread of many. */
        private void guarded(Runnable work) {
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                FAILURES.warn("handling an I/O event failed", e);
                release();
                watched.failed(new IOException("handling an I/O event failed", e));
            }
        }

        private void applyInterest() {
            try {
                int interest = watched.interest();
                if (getSelectionKey().interestOps() != interest) {
                    getSelectionKey().interestOps(interest);
                }
            } catch (CancelledKeyException e) {
                // Closed meanwhile: there is nothing to wait for.
            }
        }

        @Override
        public boolean isIoThread() {
            return GrizzlyThreads.isThreadOf(getSelectorRunner());
        }

        @Override
        public void refresh() {
            if (isIoThread()) {
                applyInterest();
            } else {
                enqueue(this::applyInterest);
            }
        }

        @Override
        public void execute(Runnable task) {
            enqueue(() -> guarded(task));
        }

        private void enqueue(Runnable task) {
            owner.getSelectorHandler()
                    .enque(
                            getSelectorRunner(),
                            () -> {
                                task.run();
                                return true;
                            },
                            null);
        }

        @Override
        public void handOver(Watched next) {
            watched = next;
            next.watched(this);
            applyInterest();
        }

        @Override
        public void release() {
            try {
                // At once, so that the peer hears of it at once; the terminate comes later.
                getChannel().close();
            } catch (IOException e) {
                // There is no more that could be done with it.
            }
            terminateSilently();
        }

        @Override
        public void releaseAndWait() {
            release();
            SelectorRunner runner = getSelectorRunner();
            if (runner != null) {
                GrizzlyThreads.awaitRelease(owner, runner);
            }
        }
    }

    /** Brings events from Grizzly's selector thread to the watched, on the same thread. */
    @SuppressWarnings("rawtypes") // as Grizzly declares it
    private static final class Dispatch implements IOStrategy {
        @Override
        public boolean executeIoEvent(Connection connection, IOEvent event) {
            return executeIoEvent(connection, event, true);
        }

        @Override
        public boolean executeIoEvent(Connection connection, IOEvent event, boolean enabled) {
            ((Socket) connection).ready(event.getSelectionKeyInterest());
            return true;
        }

        @Override
        public @Nullable Executor getThreadPoolFor(Connection connection, IOEvent event) {
            return null;
        }

        @Override
        public @Nullable ThreadPoolConfig createDefaultWorkerPoolConfig(Transport transport) {
            return null;
        }
    }
}
