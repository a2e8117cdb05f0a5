package org.oncrpckit.rpc.socket;

import java.time.Duration;
import java.util.Objects;
import org.oncrpckit.rpc.RecordLimits;

/**
 * What the peers of a {@link SocketNetwork} may ask of it.
 *
 * @param records longest record on a connection, and most fragments in one
 * @param connectionsMax connections that a listener has at a time; what comes beyond is accepted
 *     and closed at once; 1 or more
 * @param idle an accepted connection without a whole message in either direction for this long is
 *     closed; zero means never
 * @param stall an accepted connection whose peer takes nothing of what waits for it for this long
 *     is closed; zero means never
 * @param writeQueueBytesMax what waits for a peer that does not read, for each connection, record
 *     marks included; 1 KiB or more
 * @param datagramsPerWakeUpMax datagrams read from a socket before its thread looks after the
 *     others; 1 or more
 */
public record SocketLimits(
        RecordLimits records,
        int connectionsMax,
        Duration idle,
        Duration stall,
        int writeQueueBytesMax,
        int datagramsPerWakeUpMax) {
    /** 1 MiB records, 10,000 connections, 6 minutes idle, 1 minute stalled, 2 MiB, 64 datagrams. */
    public static final SocketLimits DEFAULT =
            new SocketLimits(
                    RecordLimits.DEFAULT,
                    10_000,
                    Duration.ofMinutes(6),
                    Duration.ofMinutes(1),
                    2 << 20,
                    64);

    private static final int WRITE_QUEUE_BYTES_MIN = 1024;

    /** Checks the ranges. */
    public SocketLimits {
        Objects.requireNonNull(records, "records");
        if (connectionsMax < 1 || datagramsPerWakeUpMax < 1) {
            throw new IllegalArgumentException(
                    "%d connections, %d datagrams (expected: 1 or more each)"
                            .formatted(connectionsMax, datagramsPerWakeUpMax));
        }
        notNegative(idle, "idle");
        notNegative(stall, "stall");
        if (writeQueueBytesMax < WRITE_QUEUE_BYTES_MIN) {
            throw new IllegalArgumentException(
                    "write queue of %d bytes (expected: %d or more)"
                            .formatted(writeQueueBytesMax, WRITE_QUEUE_BYTES_MIN));
        }
    }

    /** The same with other limits of records. */
    public SocketLimits withRecords(RecordLimits other) {
        return new SocketLimits(
                other, connectionsMax, idle, stall, writeQueueBytesMax, datagramsPerWakeUpMax);
    }

    /** The same with another number of connections. */
    public SocketLimits withConnectionsMax(int other) {
        return new SocketLimits(
                records, other, idle, stall, writeQueueBytesMax, datagramsPerWakeUpMax);
    }

    /** The same with another idle time. */
    public SocketLimits withIdle(Duration other) {
        return new SocketLimits(
                records, connectionsMax, other, stall, writeQueueBytesMax, datagramsPerWakeUpMax);
    }

    /** The same with another time for peers that do not read. */
    public SocketLimits withStall(Duration other) {
        return new SocketLimits(
                records, connectionsMax, idle, other, writeQueueBytesMax, datagramsPerWakeUpMax);
    }

    /** The same with another length of the write queue. */
    public SocketLimits withWriteQueueBytesMax(int other) {
        return new SocketLimits(records, connectionsMax, idle, stall, other, datagramsPerWakeUpMax);
    }

    /** The same with another number of datagrams for each wake-up. */
    public SocketLimits withDatagramsPerWakeUpMax(int other) {
        return new SocketLimits(records, connectionsMax, idle, stall, writeQueueBytesMax, other);
    }

    private static void notNegative(Duration limit, String name) {
        if (limit.isNegative()) {
            throw new IllegalArgumentException(name + " limit " + limit + " (expected: 0 or more)");
        }
    }
}
