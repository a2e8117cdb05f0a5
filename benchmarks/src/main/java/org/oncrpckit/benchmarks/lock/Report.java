package org.oncrpckit.benchmarks.lock;

import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the JMH benchmarks of this package and prints a line {@code what|figure|unit} for each. */
public final class Report {
    private Report() {}

    /**
     * Runs them.
     *
     * @param arguments a regular expression for each benchmark to run; all if there is none
     */
    public static void main(String[] arguments) throws RunnerException {
        OptionsBuilder options = new OptionsBuilder();
        options.verbosity(VerboseMode.SILENT);
        if (arguments.length == 0) {
            options.include(Report.class.getPackageName());
        }
        for (String pattern : arguments) {
            options.include(pattern);
        }
        Collection<RunResult> results = new Runner(options.build()).run();
        for (RunResult result : results) {
            BenchmarkParams params = result.getParams();
            String name =
                    params.getBenchmark().substring(Report.class.getPackageName().length() + 1);
            Result<?> score = result.getPrimaryResult();
            print(describe(name, params), params, score.getScore(), score.getScoreError());
        }
    }

    private static String describe(String name, BenchmarkParams params) {
        StringBuilder text = new StringBuilder(name);
        for (String key : params.getParamsKeys()) {
            text.append(", ").append(key).append(' ').append(params.getParam(key));
        }
        return text.toString();
    }

    private static void print(String what, BenchmarkParams params, double score, double error) {
        boolean perSecond = params.getMode() == Mode.Throughput;
        String unit = perSecond ? "pairs/s" : "ms";
        String format = perSecond ? "%s|%,.0f|%s%n" : "%s|%,.2f|%s%n";
        System.out.printf(Locale.ROOT, format, what, score, unit);
        if (!perSecond && params.getParamsKeys().contains("waiting")) {
            double each = score * 1e6 / Integer.parseInt(params.getParam("waiting"));
            System.out.printf(Locale.ROOT, "%s, each|%,.0f|ns%n", what, each);
        }
        if (error > score / 4) {
            System.out.printf(Locale.ROOT, "%s, noisy: error of|%,.0f|%s%n", what, error, unit);
        }
    }
}
