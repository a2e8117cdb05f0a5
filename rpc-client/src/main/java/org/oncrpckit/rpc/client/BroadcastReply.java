package org.oncrpckit.rpc.client;

import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * One answer to a broadcast.
 *
 * @param from who answered
 * @param results what it answered
 */
public record BroadcastReply<R>(InetSocketAddress from, R results) {
    /** Checks that nothing is missing. */
    public BroadcastReply {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(results, "results");
    }
}
