package org.oncrpckit.rpc.socket;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.RecordMark;
import org.oncrpckit.rpc.transport.Endpoint.SendOutcome;

/**
 * The sending half of a connection: its write queue, its bound, and who writes.
 *
 * <p>Whoever sends appends to the queue; the first to find nobody writing writes, outside the lock,
 * until the queue is empty or the socket full. While the I/O thread hands out the records of one
 * read, it is corked: what is sent on that thread only queues up, and leaves in one write at the
 * end.
 *
 * <p>Thread-safe.
 */
final class StreamOutput {
    /** What the connection is told; never under the lock. */
    interface Owner {
        /** Something is being written. */
        void writing();

        /** What was queued has been written. */
        void drained();

        /**
         * The socket is full: {@link #roomAgain} is wanted when it is not.
         *
         * @param progress whether it has taken something, or has only just become full
         */
        void full(boolean progress);

        /** {@link #backlogBytes} may have changed. */
        void backlogChanged();

        /** The socket failed. */
        void broken(IOException failure);
    }

    /** What is corked is written all the same when it has become that much. */
    private static final int CORKED_BYTES_MAX = 65_536;

    private static final ByteBuffer[] NOTHING = {};

    private final GatheringByteChannel channel;
    private final int queueBytesMax;
    private final int corkedBytesMax;
    private final Owner owner;

    /** The I/O thread while it is corked; each thread only looks for itself here. */
    private volatile @Nullable Thread corking;

    private final Object lock = new Object();

    @GuardedBy("lock")
    private final WriteQueue queue;

    /** Whether more may be sent. */
    @GuardedBy("lock")
    private boolean accepting = true;

    /** Whether a thread is writing, and will look at the queue once more before it stops. */
    @GuardedBy("lock")
    private boolean writing;

    /** Whether the socket is full, and the I/O thread goes on when it is not. */
    @GuardedBy("lock")
    private boolean awaitingRoom;

    /**
     * Whether the queue has met its bound or a full socket, and has not been empty since. What is
     * appended while a thread writes, however long it is kept from it, says nothing of the peer.
     */
    @GuardedBy("lock")
    private boolean backlogged;

    StreamOutput(GatheringByteChannel channel, int queueBytesMax, ChunkPool chunks, Owner owner) {
        this.channel = channel;
        this.queueBytesMax = queueBytesMax;
        this.corkedBytesMax = Math.min(CORKED_BYTES_MAX, queueBytesMax / 2);
        this.owner = owner;
        this.queue = new WriteQueue(chunks);
    }

    SendOutcome send(ByteBuffer message) {
        int bytes = RecordMark.BYTES + message.remaining();
        SendOutcome outcome;
        boolean backlog;
        synchronized (lock) {
            if (!accepting) {
                return SendOutcome.CLOSED;
            }
            if (bytes > queueBytesMax) {
                return SendOutcome.REFUSED;
            }
            if (bytes > queueBytesMax - queue.bytes()) {
                outcome = SendOutcome.CONGESTED;
                backlogged = true;
            } else {
                outcome = SendOutcome.SENT;
                queue.append(message);
            }
            backlog = backlogged;
            boolean corked = corking == Thread.currentThread() && queue.bytes() < corkedBytesMax;
            if (!corked && !writing && !awaitingRoom) {
                writing = true;
                backlog = false;
            } else if (!backlog) {
                return outcome;
            }
        }
        if (backlog) {
            owner.backlogChanged();
        } else {
            write();
        }
        return outcome;
    }

    /** What this thread sends from now on waits for {@link #uncork}. On the I/O thread. */
    void cork() {
        corking = Thread.currentThread();
    }

    /** Writes what has gathered. On the I/O thread. */
    void uncork() {
        corking = null;
        synchronized (lock) {
            if (queue.isEmpty() || writing || awaitingRoom) {
                return;
            }
            writing = true;
        }
        write();
    }

    /** Goes on writing. On the I/O thread. */
    void roomAgain() {
        synchronized (lock) {
            if (!awaitingRoom) {
                return;
            }
            awaitingRoom = false;
            writing = true;
        }
        write();
    }

    /** What waits because the peer does not read fast enough; see {@code Endpoint}. */
    int backlogBytes() {
        synchronized (lock) {
            return backlogged ? queue.bytes() : 0;
        }
    }

    boolean isAwaitingRoom() {
        synchronized (lock) {
            return awaitingRoom;
        }
    }

    /** Takes nothing more; what waits is still written. */
    void finish() {
        synchronized (lock) {
            accepting = false;
        }
    }

    /** Whether nothing waits and nobody writes: {@link Owner#drained} will not come of itself. */
    boolean isDrained() {
        synchronized (lock) {
            return queue.isEmpty() && !writing;
        }
    }

    /** Takes nothing more and forgets what waits. */
    void abandon() {
        synchronized (lock) {
            accepting = false;
            awaitingRoom = false;
            backlogged = false;
            queue.clear();
        }
    }

    /** Writes until nothing is left or nothing more fits. For the thread that has set writing. */
    private void write() {
        owner.writing();
        while (true) {
            ByteBuffer[] chunks;
            boolean caughtUp = false;
            synchronized (lock) {
                if (queue.isEmpty()) {
                    writing = false;
                    caughtUp = backlogged;
                    backlogged = false;
                    chunks = NOTHING;
                } else {
                    chunks = queue.take();
                }
            }
            if (chunks.length == 0) {
                owner.drained();
                if (caughtUp) {
                    owner.backlogChanged();
                }
                return;
            }
            if (!write(chunks)) {
                return;
            }
        }
    }

    /** Writes these; false when the socket is full or broken. */
    private boolean write(ByteBuffer[] chunks) {
        ByteBuffer last = chunks[chunks.length - 1];
        long written = 0;
        try {
            while (last.hasRemaining()) {
                long count = channel.write(chunks);
                if (count == 0) {
                    break;
                }
                written += count;
            }
        } catch (IOException e) {
            owner.broken(e);
            return false;
        } catch (RuntimeException | Error e) {
            // Such as no memory to copy into: how much was written is not known any more.
            owner.broken(new IOException("writing failed: " + e, e));
            return false;
        }
        boolean full = last.hasRemaining();
        boolean progress;
        synchronized (lock) {
            if (queue.isEmpty()) {
                // Abandoned meanwhile: these chunks count no longer.
                writing = false;
                return false;
            }
            queue.put(chunks, written);
            progress = written > 0 || !backlogged;
            if (full) {
                writing = false;
                awaitingRoom = true;
                backlogged = true;
            }
        }
        if (full) {
            owner.full(progress);
            owner.backlogChanged();
        }
        return !full;
    }
}
