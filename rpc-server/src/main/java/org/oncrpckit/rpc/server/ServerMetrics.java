package org.oncrpckit.rpc.server;

import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.oncrpckit.rpc.metrics.MetricSink;

/** The numbers of {@link RpcServerStatistics}, by name. */
record ServerMetrics(Supplier<RpcServerStatistics> now, MetricSink sink) {
    private static final String PREFIX = "rpc.server.";

    void publish() {
        counter("calls", RpcServerStatistics::callsReceived);
        for (CallOutcome outcome : CallOutcome.values()) {
            Map<String, String> label = Map.of("outcome", name(outcome));
            counter("calls.ended", label, counts -> counts.count(outcome));
        }
        counter("results.late", RpcServerStatistics::lateResults);
        counter("replies.unsent", RpcServerStatistics::repliesNotSent);
        counter("connections.accepted", RpcServerStatistics::connectionsAccepted);
        counter("connections.refused", RpcServerStatistics::connectionsRefused);
        counter("connections.paused", RpcServerStatistics::connectionPauses);
        counter("connections.slow-closed", RpcServerStatistics::slowReadersClosed);
        counter("reply-cache.evictions", RpcServerStatistics::replyCacheEvictions);
        gauge("connections", RpcServerStatistics::connections);
        gauge("calls.running", RpcServerStatistics::callsInProgress);
        gauge("bytes.waiting", RpcServerStatistics::bytesWaiting);
        gauge("reply-cache.entries", RpcServerStatistics::replyCacheEntries);
        gauge("reply-cache.bytes", RpcServerStatistics::replyCacheBytes);
    }

    private static String name(CallOutcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private void counter(String name, ToLongFunction<RpcServerStatistics> count) {
        counter(name, Map.of(), count);
    }

    private void counter(
            String name, Map<String, String> labels, ToLongFunction<RpcServerStatistics> count) {
        sink.counter(PREFIX + name, labels, () -> count.applyAsLong(now.get()));
    }

    private void gauge(String name, ToLongFunction<RpcServerStatistics> value) {
        sink.gauge(PREFIX + name, Map.of(), () -> value.applyAsLong(now.get()));
    }
}
