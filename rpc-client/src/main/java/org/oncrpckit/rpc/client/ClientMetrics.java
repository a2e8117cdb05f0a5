package org.oncrpckit.rpc.client;

import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.oncrpckit.rpc.metrics.MetricSink;
import org.oncrpckit.rpc.metrics.SnapshotMetrics;

/** Names the numbers of {@link RpcClientStatistics}. */
final class ClientMetrics {
    private ClientMetrics() {}

    static void publish(Supplier<RpcClientStatistics> now, MetricSink sink) {
        var metrics = new SnapshotMetrics<>("rpc.client.", now, sink);
        metrics.counter("calls", RpcClientStatistics::calls);
        ended(metrics, "succeeded", RpcClientStatistics::succeeded);
        ended(metrics, "rejected", RpcClientStatistics::rejected);
        ended(metrics, "timed-out", RpcClientStatistics::timedOut);
        ended(metrics, "unreachable", RpcClientStatistics::unreachable);
        ended(metrics, "bad-replies", RpcClientStatistics::badReplies);
        ended(metrics, "closed", RpcClientStatistics::closed);
        ended(metrics, "cancelled", RpcClientStatistics::cancelled);
        metrics.counter("transmissions", RpcClientStatistics::transmissions);
        metrics.counter("retransmissions", RpcClientStatistics::retransmissions);
        dropped(metrics, "unmatched", RpcClientStatistics::repliesUnmatched);
        dropped(metrics, "foreign", RpcClientStatistics::repliesForeign);
        dropped(metrics, "malformed", RpcClientStatistics::repliesMalformed);
        metrics.counter("connections.opened", RpcClientStatistics::connectionsOpened);
        metrics.counter("connections.failed", RpcClientStatistics::connectionsFailed);
        metrics.gauge("calls.running", RpcClientStatistics::running);
        metrics.gauge("hosts", RpcClientStatistics::hosts);
        metrics.gauge("connections", RpcClientStatistics::connections);
        metrics.gauge("endpoints", RpcClientStatistics::endpoints);
    }

    private static void ended(
            SnapshotMetrics<RpcClientStatistics> metrics,
            String outcome,
            ToLongFunction<RpcClientStatistics> count) {
        metrics.counter("calls.ended", Map.of("outcome", outcome), count);
    }

    private static void dropped(
            SnapshotMetrics<RpcClientStatistics> metrics,
            String why,
            ToLongFunction<RpcClientStatistics> count) {
        metrics.counter("replies.dropped", Map.of("why", why), count);
    }
}
