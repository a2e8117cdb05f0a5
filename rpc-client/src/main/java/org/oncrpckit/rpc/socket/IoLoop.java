package org.oncrpckit.rpc.socket;

import java.io.IOException;
import java.nio.channels.SelectableChannel;

/**
 * Threads that wait until channels are ready. Connections and listeners are written once, against
 * this; Grizzly carries those over TCP, a loop of our own those over UNIX-domain sockets, which
 * Grizzly does not know.
 */
interface IoLoop extends AutoCloseable {
    /** A connection, listener or attempt to connect, as the loop sees it. */
    interface Watched {
        /** The loop watches the channel from now on; on its I/O thread, before anything else. */
        void watched(Watch watch);

        /**
         * The operations of {@link java.nio.channels.SelectionKey} that this waits for at the
         * moment. Asked whenever {@link Watch#refresh} says that the answer may be another.
         */
        int interest();

        /** Some of these operations are possible; on the I/O thread. */
        void ready(int operations);

        /** The loop cannot watch the channel, or watches it no longer because it is closed. */
        void failed(IOException failure);
    }

    /** The loop's side of a watched channel. Thread-safe. */
    interface Watch {
        /** Whether the caller runs on the one thread that calls the watched. */
        boolean isIoThread();

        /** Asks for the interest again, soon, on the I/O thread. */
        void refresh();

        /** Runs a task on the I/O thread, soon, but never within this call. */
        void execute(Runnable task);

        /** Events go to another from now on; on the I/O thread. It is told that it is watched. */
        void handOver(Watched next);

        /** Closes the channel. Idempotent. */
        void release();

        /** As {@link #release}, and waits for the port to be free unless on an I/O thread. */
        void releaseAndWait();
    }

    /** Watches an open, non-blocking channel; what it waits for is asked at once. */
    void watch(SelectableChannel channel, Watched watched);

    /** Ends the threads, and waits for them unless called on one of them. Channels are closed. */
    @Override
    void close();
}
