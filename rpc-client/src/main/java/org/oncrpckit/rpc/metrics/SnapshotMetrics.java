package org.oncrpckit.rpc.metrics;

import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Names numbers of a snapshot to a {@link MetricSink}; each is read from a snapshot of its own.
 *
 * @param prefix what every name begins with, its dot included
 * @param now takes a snapshot; thread-safe
 * @param sink who is told
 * @param <S> the snapshot
 */
public record SnapshotMetrics<S>(String prefix, Supplier<S> now, MetricSink sink) {
    /** Checks that nothing is missing. */
    public SnapshotMetrics {
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(now, "now");
        Objects.requireNonNull(sink, "sink");
    }

    /** A number that only grows. */
    public void counter(String name, ToLongFunction<? super S> count) {
        counter(name, Map.of(), count);
    }

    /** A number that only grows, one of several with this name. */
    public void counter(String name, Map<String, String> labels, ToLongFunction<? super S> count) {
        sink.counter(prefix + name, labels, () -> count.applyAsLong(now.get()));
    }

    /** A number that grows and shrinks. */
    public void gauge(String name, ToLongFunction<? super S> value) {
        sink.gauge(prefix + name, Map.of(), () -> value.applyAsLong(now.get()));
    }
}
