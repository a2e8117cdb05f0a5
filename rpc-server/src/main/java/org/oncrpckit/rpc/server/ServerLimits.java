package org.oncrpckit.rpc.server;

import java.time.Duration;
import java.util.Objects;

/**
 * What remote hosts may ask of a server at the most. Every limit is finite.
 *
 * @param connections accepted connections open at a time; beyond the limit for all, the remote
 *     address that has most of them loses its oldest to one that has fewer, or the new one is
 *     closed at once; beyond that of one address, further ones are closed at once
 * @param callsInProgress calls waiting for a worker, executing on one, or left unanswered by an
 *     asynchronous handler when it returned. Over it a call over UDP is dropped, and a connection
 *     that brings one is not read until that call has ended. Inline handlers are bounded by the I/O
 *     threads instead.
 * @param replyCache what is kept for duplicates
 * @param handlerTimeLimit a call that a handler has not answered after this time is answered
 *     SYSTEM_ERR, unless its program says otherwise
 * @param replyBytesMax longest reply, header included; a longer one becomes SYSTEM_ERR
 * @param bytes how many bytes may wait
 */
public record ServerLimits(
        HostQuota connections,
        HostQuota callsInProgress,
        ReplyCacheLimits replyCache,
        Duration handlerTimeLimit,
        int replyBytesMax,
        ByteLimits bytes) {
    /**
     * 4,096 connections, 256 a host; 16,384 calls in progress, 2,048 a host; 65,536 replies or 32
     * MiB for 120 s; handlers 30 s; replies 1 MiB; {@link ByteLimits#DEFAULT}.
     */
    public static final ServerLimits DEFAULT =
            new ServerLimits(
                    new HostQuota(4_096, 256),
                    new HostQuota(16_384, 2_048),
                    new ReplyCacheLimits(65_536, 32L << 20, Duration.ofSeconds(120)),
                    Duration.ofSeconds(30),
                    1 << 20,
                    ByteLimits.DEFAULT);

    /** Replies shorter than this would not even hold an error. */
    private static final int REPLY_BYTES_LEAST = 512;

    /** Checks the limits. */
    public ServerLimits {
        Objects.requireNonNull(connections, "connections");
        Objects.requireNonNull(callsInProgress, "callsInProgress");
        Objects.requireNonNull(replyCache, "replyCache");
        Objects.requireNonNull(bytes, "bytes");
        if (handlerTimeLimit.isNegative() || handlerTimeLimit.isZero()) {
            throw new IllegalArgumentException(
                    "handlerTimeLimit " + handlerTimeLimit + " is not positive");
        }
        if (replyBytesMax < REPLY_BYTES_LEAST) {
            throw new IllegalArgumentException(
                    "replyBytesMax " + replyBytesMax + " (at least " + REPLY_BYTES_LEAST + ")");
        }
    }

    /** The same with other limits of connections. */
    public ServerLimits withConnections(int max, int perHostMax) {
        return new ServerLimits(
                new HostQuota(max, perHostMax),
                callsInProgress,
                replyCache,
                handlerTimeLimit,
                replyBytesMax,
                bytes);
    }

    /** The same with other limits of calls in progress. */
    public ServerLimits withCallsInProgress(int max, int perHostMax) {
        return new ServerLimits(
                connections,
                new HostQuota(max, perHostMax),
                replyCache,
                handlerTimeLimit,
                replyBytesMax,
                bytes);
    }

    /** The same with another size and time of the reply cache. */
    public ServerLimits withReplyCache(int entriesMax, long bytesMax, Duration time) {
        return new ServerLimits(
                connections,
                callsInProgress,
                new ReplyCacheLimits(entriesMax, bytesMax, time),
                handlerTimeLimit,
                replyBytesMax,
                bytes);
    }

    /** The same with another time limit for handlers. */
    public ServerLimits withHandlerTimeLimit(Duration limit) {
        return new ServerLimits(
                connections, callsInProgress, replyCache, limit, replyBytesMax, bytes);
    }

    /** The same with another longest reply. */
    public ServerLimits withReplyBytesMax(int bytesMax) {
        return new ServerLimits(
                connections, callsInProgress, replyCache, handlerTimeLimit, bytesMax, bytes);
    }

    /** The same with other limits of bytes that wait. */
    public ServerLimits withBytes(ByteLimits other) {
        return new ServerLimits(
                connections, callsInProgress, replyCache, handlerTimeLimit, replyBytesMax, other);
    }
}
