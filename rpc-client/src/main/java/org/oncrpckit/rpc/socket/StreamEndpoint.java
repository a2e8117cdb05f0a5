package org.oncrpckit.rpc.socket;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.RecordAssembler;
import org.oncrpckit.rpc.transport.CloseReason;
import org.oncrpckit.rpc.transport.PeerCredential;
import org.oncrpckit.rpc.transport.Timers.Timer;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.XdrException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection over TCP or a UNIX-domain socket: assembles records, hands them out, and knows when
 * to end. Sending is the business of its {@link StreamOutput}.
 */
final class StreamEndpoint extends SocketEndpoint implements IoLoop.Watched, StreamOutput.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(StreamEndpoint.class);

    private static final int READ_BYTES = 65_536;

    /** How long a connection stays for what is to be sent or read once one side has ended. */
    static final Duration HALF_CLOSED_LIMIT = Duration.ofSeconds(10);

    /** One for each I/O thread: a receiver has returned before the next read. */
    private static final ThreadLocal<ByteBuffer> READ_BUFFER =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(READ_BYTES));

    private final SocketChannel channel;
    private final Transport transport;
    private final SocketAddress peer;
    private final Optional<PeerCredential> credential;
    private final StreamSettings settings;
    private final Consumer<StreamEndpoint> opened;

    private final Patience patience;

    /** Used by the I/O thread only. */
    private final RecordAssembler assembler;

    private final Consumer<ByteBuffer> deliverer;

    /** What was read and not handed out, because reading was suspended. For the I/O thread only. */
    private @Nullable ByteBuffer unread;

    /** What the assembler holds. Written under the lock by the I/O thread, and at the end. */
    private volatile int gatheredBytes;

    /** Whether records are being handed out. For the I/O thread only. */
    private boolean handingOut;

    private final StreamOutput output;
    private final StallTimer stall;
    private volatile long lastMessageNanos;

    private volatile @Nullable Runnable backlogListener;

    /** Whether anything is read at all: not before somebody is there to receive it. */
    private volatile boolean reading;

    /** Set by the I/O thread before anybody knows of the endpoint. */
    private volatile IoLoop.@Nullable Watch watch;

    private final Object lock = new Object();

    @GuardedBy("lock")
    private boolean open = true;

    @GuardedBy("lock")
    private boolean suspended;

    /** Whether the peer has ended its side. */
    @GuardedBy("lock")
    private boolean inputEnded;

    /** Whether this side ends as well, once the queue is empty. */
    @GuardedBy("lock")
    private boolean ending;

    /** Answers that were begun and have not ended; below 0 while an end overtakes its beginning. */
    @GuardedBy("lock")
    private int answers;

    @GuardedBy("lock")
    private @Nullable Timer timer;

    /** A connected, non-blocking channel; {@code opened} is told once, on the I/O thread. */
    StreamEndpoint(
            SocketChannel channel,
            StreamAddresses addresses,
            Patience patience,
            StreamSettings settings,
            Consumer<StreamEndpoint> opened) {
        super(addresses.local());
        this.channel = channel;
        this.transport = addresses.transport();
        this.peer = addresses.peer();
        this.credential = addresses.credential();
        this.patience = patience;
        this.settings = settings;
        this.opened = opened;
        this.assembler = new RecordAssembler(settings.limits().records());
        this.deliverer = record -> deliver(peer, record);
        this.output =
                new StreamOutput(
                        channel, settings.limits().writeQueueBytesMax(), settings.chunks(), this);
        this.stall =
                new StallTimer(
                        settings.timers(),
                        patience.stall(),
                        output::isAwaitingRoom,
                        () -> close(CloseReason.STALLED));
        this.lastMessageNanos = settings.timers().nanoTime();
    }

    @Override
    public Transport transport() {
        return transport;
    }

    @Override
    public Optional<SocketAddress> peer() {
        return Optional.of(peer);
    }

    @Override
    public Optional<PeerCredential> peerCredential() {
        return credential;
    }

    // ---- sending

    @Override
    public SendOutcome send(SocketAddress to, ByteBuffer message) {
        startReading();
        return count(output.send(message));
    }

    @Override
    public void writing() {
        lastMessageNanos = settings.timers().nanoTime();
    }

    @Override
    public void drained() {
        boolean last;
        synchronized (lock) {
            last = ending || isAllAnswered();
        }
        if (last) {
            endOutput();
        }
    }

    @Override
    public void beginAnswer() {
        synchronized (lock) {
            answers++;
        }
    }

    @Override
    public void endAnswer() {
        boolean last;
        synchronized (lock) {
            answers--;
            last = isAllAnswered();
        }
        if (last && output.isDrained()) {
            endOutput();
        }
    }

    /** Whether the peer asks nothing more, and has the answers to all that it asked. */
    @GuardedBy("lock")
    private boolean isAllAnswered() {
        return inputEnded && answers <= 0;
    }

    @Override
    public void full(boolean progress) {
        stall.full(progress);
        watch().refresh();
    }

    @Override
    public void backlogChanged() {
        Runnable listener = backlogListener;
        if (listener != null) {
            listener.run();
        }
    }

    @Override
    public int backlogBytes() {
        return output.backlogBytes();
    }

    @Override
    public int gatheredBytes() {
        return gatheredBytes;
    }

    @Override
    public void onBacklogChange(Runnable listener) {
        if (backlogListener != null) {
            throw new IllegalStateException("somebody is told of the backlog already");
        }
        backlogListener = listener;
    }

    // ---- receiving, on the I/O thread

    @Override
    public void watched(IoLoop.Watch by) {
        watch = by;
        if (!patience.idle().isZero()) {
            schedule(patience.idle(), this::checkIdle);
        }
        opened.accept(this);
    }

    @Override
    public int interest() {
        int interest = output.isAwaitingRoom() ? SelectionKey.OP_WRITE : 0;
        synchronized (lock) {
            boolean wanted = ending || (!suspended && unread == null);
            if (reading && wanted && !inputEnded) {
                interest |= SelectionKey.OP_READ;
            }
        }
        return interest;
    }

    @Override
    public void ready(int operations) {
        if ((operations & SelectionKey.OP_READ) != 0) {
            read();
        }
        if ((operations & SelectionKey.OP_WRITE) != 0) {
            output.roomAgain();
            watch().refresh();
        }
    }

    private void read() {
        if (unread != null) {
            takeUnread();
            return;
        }
        ByteBuffer buffer = READ_BUFFER.get().clear();
        try {
            if (channel.read(buffer) < 0) {
                endInput();
                return;
            }
        } catch (IOException e) {
            broken(e);
            return;
        }
        take(buffer.flip());
        ByteBuffer left = unread;
        if (left != null) {
            // The thread's buffer serves other connections too.
            unread = ByteBuffer.allocate(left.remaining()).put(left).flip();
        }
    }

    /** Goes on with what was read before reading was suspended. */
    private void takeUnread() {
        ByteBuffer left = unread;
        if (left != null && !handingOut) {
            unread = null;
            take(left);
        }
        watch().refresh();
    }

    /** Hands out what is in these bytes; what may not be handed out now is left unread. */
    private void take(ByteBuffer bytes) {
        output.cork();
        handingOut = true;
        boolean intact;
        try {
            intact = handOut(bytes);
        } finally {
            handingOut = false;
            output.uncork();
        }
        if (!intact) {
            close(CloseReason.PROTOCOL);
        } else if (bytes.hasRemaining() && isWanted()) {
            unread = bytes;
        }
        countGathered();
    }

    private void countGathered() {
        int now = assembler.gatheredCapacityBytes();
        if (now == gatheredBytes) {
            return;
        }
        synchronized (lock) {
            if (!open) {
                return;
            }
            gatheredBytes = now;
        }
        backlogChanged();
    }

    /** Gives the complete records to their receivers; false when the peer broke the rules. */
    private boolean handOut(ByteBuffer bytes) {
        try {
            boolean any = false;
            while (mayHandOut()) {
                if (!assembler.next(bytes, deliverer)) {
                    break;
                }
                any = true;
            }
            if (any) {
                lastMessageNanos = settings.timers().nanoTime();
            }
            return true;
        } catch (XdrException e) {
            LOG.debug("{} is closed", this, e);
            countMalformed();
            return false;
        }
    }

    /** The peer sends nothing more. It still gets what is on its way, and what it asked for. */
    private void endInput() {
        if (assembler.isInsideRecord()) {
            countMalformed();
        }
        CloseReason reason;
        boolean last;
        synchronized (lock) {
            inputEnded = true;
            reason = ending ? CloseReason.LOCAL : CloseReason.PEER;
            last = ending || isAllAnswered();
        }
        if (last && output.isDrained()) {
            close(reason);
        } else {
            schedule(HALF_CLOSED_LIMIT, () -> close(reason));
            watch().refresh();
        }
    }

    @Override
    protected void startReading() {
        if (!reading) {
            reading = true;
            watch().refresh();
        }
    }

    @Override
    public void suspendReading() {
        setSuspended(true);
    }

    @Override
    public void resumeReading() {
        setSuspended(false);
    }

    private void setSuspended(boolean value) {
        synchronized (lock) {
            if (suspended == value) {
                return;
            }
            suspended = value;
        }
        if (value) {
            watch().refresh();
        } else {
            watch().execute(this::takeUnread);
        }
    }

    // ---- ending

    /**
     * {@inheritDoc}
     *
     * <p>Closing a socket with unread input resets the connection, and a reset may overtake what
     * was sent. So only the output is ended, and input thrown away, until the peer has closed too
     * or a limit has passed.
     */
    @Override
    public void closeAfterWriting() {
        synchronized (lock) {
            if (!open || ending) {
                return;
            }
            ending = true;
        }
        output.finish();
        schedule(HALF_CLOSED_LIMIT, () -> close(CloseReason.LOCAL));
        if (output.isDrained()) {
            endOutput();
        }
        watch().refresh();
    }

    /** Everything was written, and this side or the peer's has ended. */
    private void endOutput() {
        boolean bothEnded;
        CloseReason reason;
        synchronized (lock) {
            bothEnded = inputEnded;
            reason = ending ? CloseReason.LOCAL : CloseReason.PEER;
        }
        if (bothEnded) {
            close(reason);
            return;
        }
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            broken(e);
        }
    }

    private void checkIdle() {
        long left = patience.idle().toNanos() - (settings.timers().nanoTime() - lastMessageNanos);
        if (left <= 0) {
            close(CloseReason.IDLE);
            return;
        }
        synchronized (lock) {
            // The one timer may have been given to the end of the connection meanwhile.
            if (!ending && !inputEnded) {
                schedule(Duration.ofNanos(left), this::checkIdle);
            }
        }
    }

    private void schedule(Duration delay, Runnable task) {
        synchronized (lock) {
            if (open) {
                if (timer != null) {
                    timer.cancel();
                }
                timer = settings.timers().schedule(delay, task);
            }
        }
    }

    @Override
    public void failed(IOException failure) {
        LOG.debug("{} failed", this, failure);
        close(CloseReason.FAILURE);
    }

    @Override
    public void broken(IOException failure) {
        if (failure instanceof ClosedChannelException) {
            close(CloseReason.LOCAL);
            return;
        }
        LOG.debug("{} broke", this, failure);
        String message = String.valueOf(failure.getMessage());
        boolean byPeer = message.contains("reset") || message.contains("Broken pipe");
        close(byPeer ? CloseReason.PEER : CloseReason.FAILURE);
    }

    @Override
    void close(CloseReason reason) {
        synchronized (lock) {
            if (!open) {
                return;
            }
            open = false;
            gatheredBytes = 0;
            if (timer != null) {
                timer.cancel();
            }
        }
        stall.end();
        output.abandon();
        IoLoop.Watch by = watch;
        if (by != null) {
            by.release();
        } else {
            closeUnwatched();
        }
        completeClosed(reason);
        backlogChanged();
    }

    /** The loop has never come to watch it. */
    private void closeUnwatched() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing {}", this, e);
        }
    }

    /** Whether what is not handed out now will be later. */
    private boolean isWanted() {
        synchronized (lock) {
            return open && !ending;
        }
    }

    private boolean mayHandOut() {
        synchronized (lock) {
            return open && !ending && !suspended;
        }
    }

    private IoLoop.Watch watch() {
        return Objects.requireNonNull(watch, "not watched yet");
    }
}
