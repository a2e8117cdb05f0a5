package org.oncrpckit.benchmarks.area;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.oncrpckit.benchmarks.process.JavaCommand;
import org.oncrpckit.benchmarks.result.Series;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs JMH benchmarks, each in a JVM of its own, or several. */
final class JmhRun {
    /** As in every other JVM that is measured here; the benchmarks append their heaps. */
    private final ChainedOptionsBuilder options =
            new OptionsBuilder()
                    .verbosity(VerboseMode.SILENT)
                    .forks(1)
                    .jvmArgs(JavaCommand.COLLECTOR);

    private JmhRun() {}

    /**
     * One benchmark with one set of parameters.
     *
     * @param method name of the benchmark's method
     * @param parameters by name
     * @param values an iteration each, of all its JVMs
     */
    record Score(String method, Map<String, String> parameters, Series values) {
        String parameter(String name) {
            return parameters.getOrDefault(name, "");
        }
    }

    /** All benchmarks of a class. */
    static JmhRun of(Class<?> benchmarks) {
        return of(benchmarks, "");
    }

    /** One benchmark of a class, or all where the name is empty. */
    static JmhRun of(Class<?> benchmarks, String method) {
        JmhRun run = new JmhRun();
        run.options.include(
                "\\b"
                        + benchmarks.getSimpleName()
                        + "\\."
                        + (method.isEmpty() ? "" : method + "$"));
        return run;
    }

    JmhRun with(String parameter, String... values) {
        options.param(parameter, values);
        return this;
    }

    /** Instead of one JVM: so many, one after the other. */
    JmhRun forks(int count) {
        options.forks(count);
        return this;
    }

    /** Instead of the annotations: so many iterations of so many seconds. */
    JmhRun iterations(int warmUp, int measured, double seconds) {
        TimeValue time = TimeValue.microseconds((long) (seconds * 1e6));
        options.warmupIterations(warmUp).warmupTime(time);
        options.measurementIterations(measured).measurementTime(time);
        return this;
    }

    List<Score> run() throws RunnerException {
        Collection<RunResult> results = new Runner(options.build()).run();
        List<Score> scores = new ArrayList<>();
        for (RunResult result : results) {
            scores.add(score(result));
        }
        return scores;
    }

    /** The only one. */
    Score runOne() throws RunnerException {
        List<Score> scores = run();
        if (scores.size() != 1) {
            throw new IllegalStateException(scores.size() + " benchmarks (expected: 1)");
        }
        return scores.get(0);
    }

    private static Score score(RunResult result) {
        BenchmarkParams params = result.getParams();
        Map<String, String> parameters = new HashMap<>();
        for (String key : params.getParamsKeys()) {
            parameters.put(key, params.getParam(key));
        }
        List<Double> values = new ArrayList<>();
        for (BenchmarkResult fork : result.getBenchmarkResults()) {
            for (IterationResult iteration : fork.getIterationResults()) {
                values.add(iteration.getPrimaryResult().getScore());
            }
        }
        IterationParams measured = params.getMeasurement();
        if (values.size() < measured.getCount()) {
            throw new IllegalStateException(params.getBenchmark() + " did not finish");
        }
        String name = params.getBenchmark();
        return new Score(name.substring(name.lastIndexOf('.') + 1), parameters, new Series(values));
    }
}
