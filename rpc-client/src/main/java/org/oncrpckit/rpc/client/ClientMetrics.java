package org.oncrpckit.rpc.client;

import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.oncrpckit.rpc.metrics.MetricSink;

/** The numbers of {@link RpcClientStatistics}, by name. */
record ClientMetrics(Supplier<RpcClientStatistics> now, MetricSink sink) {
    private static final String PREFIX = "rpc.client.";

    void publish() {
        counter("calls", RpcClientStatistics::calls);
        ended("succeeded", RpcClientStatistics::succeeded);
        ended("rejected", RpcClientStatistics::rejected);
        ended("timed-out", RpcClientStatistics::timedOut);
        ended("unreachable", RpcClientStatistics::unreachable);
        ended("bad-replies", RpcClientStatistics::badReplies);
        ended("closed", RpcClientStatistics::closed);
        ended("cancelled", RpcClientStatistics::cancelled);
        counter("transmissions", RpcClientStatistics::transmissions);
        counter("retransmissions", RpcClientStatistics::retransmissions);
        dropped("unmatched", RpcClientStatistics::repliesUnmatched);
        dropped("foreign", RpcClientStatistics::repliesForeign);
        dropped("malformed", RpcClientStatistics::repliesMalformed);
        counter("connections.opened", RpcClientStatistics::connectionsOpened);
        counter("connections.failed", RpcClientStatistics::connectionsFailed);
        gauge("calls.running", RpcClientStatistics::running);
        gauge("hosts", RpcClientStatistics::hosts);
        gauge("connections", RpcClientStatistics::connections);
        gauge("endpoints", RpcClientStatistics::endpoints);
    }

    private void ended(String outcome, ToLongFunction<RpcClientStatistics> count) {
        counter("calls.ended", Map.of("outcome", outcome), count);
    }

    private void dropped(String why, ToLongFunction<RpcClientStatistics> count) {
        counter("replies.dropped", Map.of("why", why), count);
    }

    private void counter(String name, ToLongFunction<RpcClientStatistics> count) {
        counter(name, Map.of(), count);
    }

    private void counter(
            String name, Map<String, String> labels, ToLongFunction<RpcClientStatistics> count) {
        sink.counter(PREFIX + name, labels, () -> count.applyAsLong(now.get()));
    }

    private void gauge(String name, ToLongFunction<RpcClientStatistics> value) {
        sink.gauge(PREFIX + name, Map.of(), () -> value.applyAsLong(now.get()));
    }
}
