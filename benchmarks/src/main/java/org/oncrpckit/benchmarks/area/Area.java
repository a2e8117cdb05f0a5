package org.oncrpckit.benchmarks.area;

/** A part of the project that is measured by itself. */
public interface Area {
    /** What it is called on the command line and in the results. */
    String name();

    /** Measures everything and adds the figures. What is missing is noted, not thrown. */
    void measure(Session session) throws Exception;
}
