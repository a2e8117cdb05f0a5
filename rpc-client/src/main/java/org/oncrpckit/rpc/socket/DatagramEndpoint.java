package org.oncrpckit.rpc.socket;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.oncrpckit.rpc.transport.CloseReason;
import org.oncrpckit.rpc.transport.PeerCredential;
import org.oncrpckit.rpc.transport.Transport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bound UDP socket. Any thread sends, straight through the channel; one selector thread receives,
 * as many datagrams for each wake-up as there are, up to a limit.
 */
final class DatagramEndpoint extends SocketEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(DatagramEndpoint.class);

    /** Longer than any datagram, so that a full buffer means one that was cut off. */
    private static final int BUFFER_BYTES = 65_536;

    /** One for each selector thread: a receiver has returned before the next datagram is read. */
    private static final ThreadLocal<ByteBuffer> BUFFER =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(BUFFER_BYTES));

    /** Long enough for nearly all calls and replies; longer ones cost a view of their own. */
    private static final int OUTGOING_BYTES = 8_192;

    /** One for each thread that sends. */
    private static final ThreadLocal<ByteBuffer> OUTGOING =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(OUTGOING_BYTES));

    /** What the kernel says when it has no buffer for a packet (ENOBUFS). */
    private static final String NO_BUFFER = "No buffer space available";

    private final DatagramChannel channel;
    private final int datagramsPerWakeUpMax;
    private final Runnable release;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * An endpoint over a bound, non-blocking channel.
     *
     * @param release closes the channel and gives its port back
     */
    DatagramEndpoint(
            DatagramChannel channel,
            InetSocketAddress local,
            int datagramsPerWakeUpMax,
            Runnable release) {
        super(local);
        this.channel = channel;
        this.datagramsPerWakeUpMax = datagramsPerWakeUpMax;
        this.release = release;
    }

    @Override
    public Transport transport() {
        return Transport.UDP;
    }

    @Override
    public Optional<SocketAddress> peer() {
        return Optional.empty();
    }

    @Override
    public Optional<PeerCredential> peerCredential() {
        return Optional.empty();
    }

    @Override
    public SendOutcome send(SocketAddress to, ByteBuffer message) {
        return count(trySend(to, message));
    }

    private SendOutcome trySend(SocketAddress to, ByteBuffer message) {
        boolean empty = !message.hasRemaining();
        try {
            int sent = channel.send(outgoing(message), to);
            return sent > 0 || empty ? SendOutcome.SENT : SendOutcome.CONGESTED;
        } catch (ClosedChannelException e) {
            return SendOutcome.CLOSED;
        } catch (IOException e) {
            LOG.debug("{} bytes from {} to {}", message.remaining(), this, to, e);
            String reason = e.getMessage();
            return reason != null && reason.startsWith(NO_BUFFER)
                    ? SendOutcome.CONGESTED
                    : SendOutcome.REFUSED;
        } catch (IllegalArgumentException e) {
            // Unresolved, or an address of another kind or family.
            LOG.debug("{} cannot send to {}", this, to, e);
            return SendOutcome.REFUSED;
        }
    }

    /**
     * The bytes in memory that the channel can send from, which the JDK would copy them into
     * anyway. So the caller's position stays, and several threads may send one buffer.
     */
    private static ByteBuffer outgoing(ByteBuffer message) {
        int length = message.remaining();
        ByteBuffer buffer = OUTGOING.get();
        if (length > buffer.capacity()) {
            return message.duplicate();
        }
        return buffer.clear().put(0, message, message.position(), length).limit(length);
    }

    /** Receives what is there; on the selector thread. */
    void drain() {
        ByteBuffer buffer = BUFFER.get();
        for (int i = 0; i < datagramsPerWakeUpMax && !closed.get(); i++) {
            buffer.clear().order(ByteOrder.BIG_ENDIAN);
            try {
                SocketAddress from = channel.receive(buffer);
                if (from == null) {
                    return;
                }
                if (buffer.hasRemaining()) {
                    deliver(from, buffer.flip());
                } else {
                    countMalformed();
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                // Such as an ICMP error for something sent earlier: it says nothing of the socket.
                LOG.debug("receiving on {}", this, e);
            }
        }
    }

    /** It reads from the beginning. */
    @Override
    protected void startReading() {}

    /** A UDP socket has nobody to hold back. */
    @Override
    public void suspendReading() {}

    @Override
    public void resumeReading() {}

    @Override
    void close(CloseReason reason) {
        if (closed.compareAndSet(false, true)) {
            release.run();
            completeClosed(reason);
        }
    }
}
