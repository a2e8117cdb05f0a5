package org.oncrpckit.rpc.metrics;

import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Takes what a server or client can tell of itself: each number once, with a name and a way to read
 * it whenever it is wanted. Reading is thread-safe, never blocks, and costs the calls nothing.
 * Implement it with a few lines for a metrics system; both methods do nothing unless overridden.
 */
public interface MetricSink {
    /**
     * A number that only grows.
     *
     * @param name lower case, in parts divided by dots, as in "rpc.server.calls.ended"
     * @param labels what tells numbers of one name apart, as in outcome: success; may be empty
     * @param count the number now
     */
    default void counter(String name, Map<String, String> labels, LongSupplier count) {}

    /**
     * A number that grows and shrinks.
     *
     * @param name as of a counter
     * @param labels as of a counter
     * @param value the number now
     */
    default void gauge(String name, Map<String, String> labels, LongSupplier value) {}
}
