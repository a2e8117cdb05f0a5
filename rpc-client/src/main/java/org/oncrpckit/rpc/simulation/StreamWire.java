package org.oncrpckit.rpc.simulation;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.RecordLimits;
import org.oncrpckit.rpc.simulation.SimulatedHost.Ending;
import org.oncrpckit.rpc.simulation.TraceEvent.Fate;
import org.oncrpckit.rpc.transport.CloseReason;
import org.oncrpckit.rpc.transport.Endpoint.SendOutcome;

/** One direction of a simulated connection: what was sent and has not been delivered. */
final class StreamWire {
    private static final long SECOND_NANOS = 1_000_000_000L;

    /** How soon what a cut link or a dead host holds up is tried again. */
    private static final long RETRY_NANOS = SECOND_NANOS / 5;

    /** After how long without progress the sender gives its connection up. */
    private static final long GIVE_UP_NANOS = 15 * 60 * SECOND_NANOS;

    /** What the sockets at both ends hold of what is under way. */
    private static final int SOCKET_BYTES = 256 << 10;

    /** What a message takes within one host, over a UNIX-domain connection. */
    private static final long UNIX_DELAY_NANOS = 10_000;

    /** A message, or the end of the stream where the message is null. */
    private static final class Segment {
        final byte @Nullable [] message;
        final long arrival;

        Segment(byte @Nullable [] message, long arrival) {
            this.message = message;
            this.arrival = arrival;
        }
    }

    private final SimulatedNetwork network;
    private final SimulatedStream sender;
    private final SimulatedStream receiver;
    private final ArrayDeque<Segment> queue = new ArrayDeque<>();
    private int queuedBytes;

    /** Whether more waits than the wire carries, and the sender has not been told otherwise. */
    private boolean backlogged;

    private boolean scheduled;

    /** When the last segment arrives: the next may not overtake it. */
    private long lastArrival;

    /** Since when nothing gets through; null while it does. */
    private @Nullable Long stalledSince;

    StreamWire(SimulatedStream sender, SimulatedStream receiver, long openNanos) {
        this.network = sender.network;
        this.sender = sender;
        this.receiver = receiver;
        this.lastArrival = openNanos;
    }

    SendOutcome write(byte[] message) {
        network.checkLocked();
        if (message.length > SimulatedNetwork.STREAM_QUEUE_BYTES_MAX) {
            return SendOutcome.REFUSED;
        }
        if (queuedBytes + message.length > SimulatedNetwork.STREAM_QUEUE_BYTES_MAX) {
            tellOfBacklog();
            return SendOutcome.CONGESTED;
        }
        queuedBytes += message.length;
        append(message);
        if (backlogged || queuedBytes > SOCKET_BYTES) {
            backlogged = true;
            tellOfBacklog();
        }
        return SendOutcome.SENT;
    }

    /** What waits because the receiver does not read. */
    int backlogBytes() {
        network.checkLocked();
        return backlogged ? queuedBytes : 0;
    }

    private void tellOfBacklog() {
        network.checkLocked();
        network.schedule(0, sender::backlogChanged);
    }

    /** The stream ends after what is on the way. */
    void finish() {
        network.checkLocked();
        forgetBacklog();
        append(null);
    }

    /** The receiver loses the connection as soon as the news can reach it. */
    void reset() {
        network.checkLocked();
        drop();
        network.schedule(delayNanos(), () -> receiver.end(CloseReason.PEER, Ending.SILENCE));
    }

    /** Nothing more arrives, and nobody is told. */
    void drop() {
        network.checkLocked();
        queue.clear();
        queuedBytes = 0;
        forgetBacklog();
    }

    /** The sender has closed: what is under way is its concern no longer. */
    private void forgetBacklog() {
        network.checkLocked();
        if (backlogged) {
            backlogged = false;
            tellOfBacklog();
        }
    }

    /** Delivers what has arrived, unless that is going to happen anyway. */
    void pumpSoon() {
        network.checkLocked();
        Segment head = queue.peek();
        if (head != null) {
            schedule(Math.max(0, head.arrival - network.nanoTime()));
        }
    }

    private void append(byte @Nullable [] message) {
        network.checkLocked();
        lastArrival = Math.max(lastArrival, network.nanoTime() + delayNanos());
        queue.add(new Segment(message, lastArrival));
        pumpSoon();
    }

    private void schedule(long delayNanos) {
        network.checkLocked();
        if (!scheduled) {
            scheduled = true;
            network.schedule(delayNanos, this::pump);
        }
    }

    /** Delivers one segment, if one has arrived and may pass. */
    private void pump() {
        Optional<Segment> next;
        synchronized (network.lock) {
            scheduled = false;
            next = take();
        }
        if (next.isEmpty()) {
            return;
        }
        byte[] message = next.get().message;
        if (message == null) {
            receiver.end(CloseReason.PEER, Ending.SILENCE);
        } else if (message.length > RecordLimits.DEFAULT.recordBytesMax()) {
            receiver.end(CloseReason.PROTOCOL, Ending.RESET);
        } else {
            network.trace(
                    Fate.DELIVERED,
                    receiver.transport(),
                    sender.localAddress(),
                    receiver.localAddress(),
                    message);
            receiver.hand(sender.localAddress(), message);
        }
    }

    private Optional<Segment> take() {
        network.checkLocked();
        Segment head = queue.peek();
        if (head == null || (receiver.isOpen() && !receiver.isReading())) {
            return Optional.empty();
        }
        if (isCut()) {
            stall();
            return Optional.empty();
        }
        stalledSince = null;
        if (!receiver.isOpen()) {
            drop();
            network.schedule(delayNanos(), () -> sender.end(CloseReason.PEER, Ending.SILENCE));
            return Optional.empty();
        }
        if (head.arrival > network.nanoTime()) {
            pumpSoon();
            return Optional.empty();
        }
        queue.remove();
        byte[] message = head.message;
        queuedBytes -= message == null ? 0 : message.length;
        if (backlogged) {
            backlogged = queuedBytes > 0;
            tellOfBacklog();
        }
        pumpSoon();
        return Optional.of(head);
    }

    private void stall() {
        network.checkLocked();
        long now = network.nanoTime();
        if (stalledSince == null) {
            stalledSince = now;
        }
        if (now - stalledSince > GIVE_UP_NANOS) {
            drop();
            network.schedule(0, () -> sender.end(CloseReason.FAILURE, Ending.SILENCE));
        } else {
            schedule(RETRY_NANOS);
        }
    }

    private boolean isCut() {
        network.checkLocked();
        return receiver.host.isCrashed()
                || (sender.localAddress() instanceof InetSocketAddress from
                        && receiver.localAddress() instanceof InetSocketAddress to
                        && network.links().isCut(from.getAddress(), to.getAddress()));
    }

    private long delayNanos() {
        network.checkLocked();
        return sender.localAddress() instanceof InetSocketAddress from
                        && receiver.localAddress() instanceof InetSocketAddress to
                ? network.links().delayNanos(from.getAddress(), to.getAddress())
                : UNIX_DELAY_NANOS;
    }
}
