package org.oncrpckit.rpc.server;

import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.oncrpckit.rpc.metrics.MetricSink;
import org.oncrpckit.rpc.metrics.SnapshotMetrics;

/** Names the numbers of {@link RpcServerStatistics}. */
final class ServerMetrics {
    private ServerMetrics() {}

    static void publish(Supplier<RpcServerStatistics> now, MetricSink sink) {
        var metrics = new SnapshotMetrics<>("rpc.server.", now, sink);
        metrics.counter("calls", RpcServerStatistics::callsReceived);
        for (CallOutcome outcome : CallOutcome.values()) {
            Map<String, String> label = Map.of("outcome", name(outcome));
            metrics.counter("calls.ended", label, counts -> counts.count(outcome));
        }
        metrics.counter("results.late", RpcServerStatistics::lateResults);
        metrics.counter("replies.unsent", RpcServerStatistics::repliesNotSent);
        metrics.counter("connections.accepted", RpcServerStatistics::connectionsAccepted);
        metrics.counter("connections.refused", RpcServerStatistics::connectionsRefused);
        metrics.counter("connections.paused", RpcServerStatistics::connectionPauses);
        metrics.counter("connections.slow-closed", RpcServerStatistics::slowReadersClosed);
        metrics.counter("reply-cache.evictions", RpcServerStatistics::replyCacheEvictions);
        metrics.gauge("connections", RpcServerStatistics::connections);
        metrics.gauge("calls.running", RpcServerStatistics::callsInProgress);
        metrics.gauge("bytes.waiting", RpcServerStatistics::bytesWaiting);
        metrics.gauge("reply-cache.entries", RpcServerStatistics::replyCacheEntries);
        metrics.gauge("reply-cache.bytes", RpcServerStatistics::replyCacheBytes);
    }

    private static String name(CallOutcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
