package org.oncrpckit.benchmarks.result;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One quantity of all contestants.
 *
 * @param ours this project's
 * @param peers what it is compared with, by name
 * @param limit what the machine allows, or null
 */
public record Comparison(Series ours, Map<String, Series> peers, @Nullable Series limit) {
    /** Keeps the order of the peers. */
    public Comparison {
        peers = new LinkedHashMap<>(peers);
    }

    /** Ours alone. */
    public static Comparison alone(double value) {
        return new Comparison(Series.of(value), Map.of(), null);
    }

    /** The figure, judged by all the targets. */
    public Figure figure(String area, String name, String unit, List<Target> targets) {
        Map<String, Double> medians = new LinkedHashMap<>();
        Map<String, String> ratios = new LinkedHashMap<>();
        peers.forEach(
                (peer, series) -> {
                    medians.put(peer, rounded(series.median()));
                    ratios.put(peer, ours.over(series).describe());
                });
        if (limit != null) {
            ratios.put(Figure.LIMIT, ours.over(limit).describe());
        }
        String words =
                targets.isEmpty()
                        ? Figure.NO_TARGET
                        : targets.stream().map(Target::words).collect(Collectors.joining("; "));
        return new Figure(
                area,
                name,
                unit,
                rounded(ours.median()),
                medians,
                limit == null ? null : rounded(limit.median()),
                words,
                targets.stream().allMatch(target -> target.met(this)),
                ratios,
                Figure.today());
    }

    /** Four digits say more than anybody can measure here. */
    private static double rounded(double value) {
        if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
            return 0;
        }
        double scale = Math.pow(10, 3 - (int) Math.floor(Math.log10(Math.abs(value))));
        return Math.round(value * scale) / scale;
    }
}
