package org.oncrpckit.rpc.socket;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.transport.RateLimitedLog;
import org.slf4j.LoggerFactory;

/** One thread with one selector, for the sockets that Grizzly does not know. */
final class NioLoop implements IoLoop {
    private static final long CLOSE_WAIT_MILLIS = 5_000;

    private static final RateLimitedLog FAILURES =
            new RateLimitedLog(LoggerFactory.getLogger(NioLoop.class));

    private final Selector selector;
    private final Thread thread;

    /** What other threads want done on the thread. */
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    private volatile boolean closed;

    NioLoop(String name) throws IOException {
        selector = Selector.open();
        thread = new Thread(this::run, "oncrpckit-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void watch(SelectableChannel channel, Watched watched) {
        Socket socket = new Socket(channel, watched);
        if (Thread.currentThread() == thread) {
            socket.register();
            return;
        }
        Runnable registration = socket::register;
        enqueue(registration);
        // The thread may have taken its last look; one of the two finds it.
        if (closed && tasks.remove(registration)) {
            registration.run();
        }
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join(CLOSE_WAIT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void enqueue(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    private void run() {
        try {
            while (!closed) {
                selector.select();
                runTasks();
                dispatch();
            }
        } catch (IOException | ClosedSelectorException e) {
            FAILURES.warn("waiting for I/O failed; its connections are closed", e);
        } finally {
            end();
        }
    }

    private void runTasks() {
        for (Runnable task; (task = tasks.poll()) != null; ) {
            task.run();
        }
    }

    private void dispatch() {
        for (SelectionKey key : selector.selectedKeys()) {
            Socket socket = (Socket) key.attachment();
            int operations;
            try {
                operations = key.readyOps();
            } catch (CancelledKeyException e) {
                // Closed by an event before this one.
                continue;
            }
            socket.guarded(() -> socket.watched.ready(operations));
        }
        selector.selectedKeys().clear();
    }

    private void end() {
        closed = true;
        runTasks();
        for (SelectionKey key : List.copyOf(selector.keys())) {
            ((Socket) key.attachment()).fail(new IOException("the network is closed"));
        }
        try {
            selector.close();
        } catch (IOException e) {
            FAILURES.warn("closing a selector failed", e);
        }
    }

    private final class Socket implements Watch {
        private final SelectableChannel channel;
        private volatile Watched watched;
        private volatile @Nullable SelectionKey key;

        Socket(SelectableChannel channel, Watched watched) {
            this.channel = channel;
            this.watched = watched;
        }

        void register() {
            try {
                if (closed) {
                    throw new IOException("the network is closed");
                }
                key = channel.register(selector, 0, this);
            } catch (IOException e) {
                fail(e);
                return;
            }
            guarded(() -> watched.watched(this));
            applyInterest();
        }

        void fail(IOException failure) {
            release();
            watched.failed(failure);
        }

        /** A failure here is a bug of ours: it ends this channel, not the thread of many. */
        void guarded(Runnable work) {
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                FAILURES.warn("handling an I/O event failed", e);
                fail(new IOException("handling an I/O event failed", e));
            }
        }

        private void applyInterest() {
            try {
                int interest = watched.interest();
                SelectionKey registered = Objects.requireNonNull(key, "key");
                if (registered.interestOps() != interest) {
                    registered.interestOps(interest);
                }
            } catch (CancelledKeyException e) {
                // Closed meanwhile: there is nothing to wait for.
            }
        }

        @Override
        public boolean isIoThread() {
            return Thread.currentThread() == thread;
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

        @Override
        public void handOver(Watched next) {
            watched = next;
            next.watched(this);
            applyInterest();
        }

        @Override
        public void release() {
            try {
                channel.close();
            } catch (IOException e) {
                // There is no more that could be done with it.
            }
            // The descriptor is closed by the next selection.
            selector.wakeup();
        }

        /** A path is free as soon as its file is gone: there is nothing to wait for. */
        @Override
        public void releaseAndWait() {
            release();
        }
    }
}
