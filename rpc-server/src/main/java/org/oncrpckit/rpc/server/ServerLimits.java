package org.oncrpckit.rpc.server;

import java.time.Duration;
import java.util.Objects;

/**
 * What remote hosts may ask of a server at the most. Every limit is finite.
 *
 * @param connectionsMax accepted connections open at a time; beyond it the remote address that has
 *     most of them loses its oldest to one that has fewer, or the new one is closed at once
 * @param connectionsPerHostMax the same for one remote address; further ones are closed at once
 * @param callsInProgressMax calls waiting for a worker, executing on one, or left unanswered by an
 *     asynchronous handler when it returned. Over it a call over UDP is dropped, and a connection
 *     that brings one is not read until that call has ended. Inline handlers are bounded by the I/O
 *     threads instead.
 * @param callsInProgressPerHostMax the same for one remote address
 * @param replyCacheEntriesMax replies kept for duplicates; 0 recognizes only duplicates of calls in
 *     progress
 * @param replyCacheBytesMax memory for them in bytes, bookkeeping included
 * @param replyCacheTime how long a reply is kept
 * @param handlerTimeLimit a call that a handler has not answered after this time is answered
 *     SYSTEM_ERR, unless its program says otherwise
 * @param replyBytesMax longest reply, header included; a longer one becomes SYSTEM_ERR
 * @param bytes how many bytes may wait
 */
public record ServerLimits(
        int connectionsMax,
        int connectionsPerHostMax,
        int callsInProgressMax,
        int callsInProgressPerHostMax,
        int replyCacheEntriesMax,
        long replyCacheBytesMax,
        Duration replyCacheTime,
        Duration handlerTimeLimit,
        int replyBytesMax,
        ByteLimits bytes) {
    /**
     * 4,096 connections, 256 a host; 16,384 calls in progress, 2,048 a host; 65,536 replies or 32
     * MiB for 120 s; handlers 30 s; replies 1 MiB; {@link ByteLimits#DEFAULT}.
     */
    public static final ServerLimits DEFAULT =
            new ServerLimits(
                    4_096,
                    256,
                    16_384,
                    2_048,
                    65_536,
                    32L << 20,
                    Duration.ofSeconds(120),
                    Duration.ofSeconds(30),
                    1 << 20,
                    ByteLimits.DEFAULT);

    /** Replies shorter than this would not even hold an error. */
    private static final int REPLY_BYTES_LEAST = 512;

    /** Checks the limits. */
    public ServerLimits {
        Objects.requireNonNull(bytes, "bytes");
        positive(connectionsMax, "connectionsMax");
        positive(connectionsPerHostMax, "connectionsPerHostMax");
        positive(callsInProgressMax, "callsInProgressMax");
        positive(callsInProgressPerHostMax, "callsInProgressPerHostMax");
        positive(replyCacheTime, "replyCacheTime");
        positive(handlerTimeLimit, "handlerTimeLimit");
        if (replyCacheEntriesMax < 0 || replyCacheBytesMax < 0) {
            throw new IllegalArgumentException(
                    "reply cache of %d entries, %d bytes (expected: 0 or more)"
                            .formatted(replyCacheEntriesMax, replyCacheBytesMax));
        }
        if (replyBytesMax < REPLY_BYTES_LEAST) {
            throw new IllegalArgumentException(
                    "replyBytesMax " + replyBytesMax + " (at least " + REPLY_BYTES_LEAST + ")");
        }
    }

    /** The same with other limits of connections. */
    public ServerLimits withConnections(int max, int perHostMax) {
        return new ServerLimits(
                max,
                perHostMax,
                callsInProgressMax,
                callsInProgressPerHostMax,
                replyCacheEntriesMax,
                replyCacheBytesMax,
                replyCacheTime,
                handlerTimeLimit,
                replyBytesMax,
                bytes);
    }

    /** The same with other limits of calls in progress. */
    public ServerLimits withCallsInProgress(int max, int perHostMax) {
        return new ServerLimits(
                connectionsMax,
                connectionsPerHostMax,
                max,
                perHostMax,
                replyCacheEntriesMax,
                replyCacheBytesMax,
                replyCacheTime,
                handlerTimeLimit,
                replyBytesMax,
                bytes);
    }

    /** The same with another size and time of the reply cache. */
    public ServerLimits withReplyCache(int entriesMax, long bytesMax, Duration time) {
        return new ServerLimits(
                connectionsMax,
                connectionsPerHostMax,
                callsInProgressMax,
                callsInProgressPerHostMax,
                entriesMax,
                bytesMax,
                time,
                handlerTimeLimit,
                replyBytesMax,
                bytes);
    }

    /** The same with another time limit for handlers. */
    public ServerLimits withHandlerTimeLimit(Duration limit) {
        return new ServerLimits(
                connectionsMax,
                connectionsPerHostMax,
                callsInProgressMax,
                callsInProgressPerHostMax,
                replyCacheEntriesMax,
                replyCacheBytesMax,
                replyCacheTime,
                limit,
                replyBytesMax,
                bytes);
    }

    /** The same with another longest reply. */
    public ServerLimits withReplyBytesMax(int bytesMax) {
        return new ServerLimits(
                connectionsMax,
                connectionsPerHostMax,
                callsInProgressMax,
                callsInProgressPerHostMax,
                replyCacheEntriesMax,
                replyCacheBytesMax,
                replyCacheTime,
                handlerTimeLimit,
                bytesMax,
                bytes);
    }

    /** The same with other limits of bytes that wait. */
    public ServerLimits withBytes(ByteLimits other) {
        return new ServerLimits(
                connectionsMax,
                connectionsPerHostMax,
                callsInProgressMax,
                callsInProgressPerHostMax,
                replyCacheEntriesMax,
                replyCacheBytesMax,
                replyCacheTime,
                handlerTimeLimit,
                replyBytesMax,
                other);
    }

    private static void positive(int value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " " + value + " (expected: 1 or more)");
        }
    }

    private static void positive(Duration value, String name) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " " + value + " is not positive");
        }
    }
}
