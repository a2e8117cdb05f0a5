package org.oncrpckit.benchmarks.area;

/** The figures of which the chart of latency against load is made. */
public final class LatencyChart {
    /** Name of the figure for so many calls in flight. */
    static final String FIGURE = "sweep: UDP NULL, p50 with %d in flight";

    private LatencyChart() {}
}
