package org.oncrpckit.benchmarks.result;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A line of the results.
 *
 * @param area which part of the project
 * @param figure what was measured
 * @param unit of all values
 * @param ours this project's median
 * @param peers the peers' medians, by name
 * @param limit what the machine allows, or null where nothing says it
 * @param target in words; {@link #NO_TARGET} when there is none
 * @param met whether every target is reached
 * @param ratios ours over each peer and over the limit: median and spread of the rounds
 * @param measured day of the run, UTC
 */
public record Figure(
        String area,
        String figure,
        String unit,
        double ours,
        Map<String, Double> peers,
        @Nullable Double limit,
        String target,
        boolean met,
        Map<String, String> ratios,
        String measured) {
    /** For figures that are only reported. */
    public static final String NO_TARGET = "none";

    /** Key of the limit among the ratios. */
    public static final String LIMIT = "limit";

    /** Whether there is something to reach. */
    public boolean hasTarget() {
        return !target.equals(NO_TARGET);
    }

    static String today() {
        return LocalDate.now(ZoneOffset.UTC).toString();
    }
}
