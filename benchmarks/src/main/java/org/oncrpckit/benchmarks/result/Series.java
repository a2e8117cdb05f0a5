package org.oncrpckit.benchmarks.result;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One contestant's values, a round each.
 *
 * @param values in the order of the rounds; at least one
 */
public record Series(List<Double> values) {
    /** Checks that there is one. */
    public Series {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no value");
        }
    }

    /** Of these rounds. */
    public static Series of(double... values) {
        return new Series(Arrays.stream(values).boxed().toList());
    }

    /** The one in the middle, or the mean of the two there. */
    public double median() {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /**
     * How many times the other's value this one's is, round by round: what disturbs one round
     * disturbs both.
     */
    public Series over(Series other) {
        int rounds = Math.min(values.size(), other.values.size());
        double[] ratios = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            ratios[i] = values.get(i) / other.values.get(i);
        }
        return of(ratios);
    }

    /** Median and spread, as in {@code 1.02 (0.95 to 1.10)}. */
    public String describe() {
        double least = values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
        double most = values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        return String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", median(), least, most);
    }
}
