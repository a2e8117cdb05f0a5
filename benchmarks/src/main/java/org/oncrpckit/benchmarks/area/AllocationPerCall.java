package org.oncrpckit.benchmarks.area;

import java.io.IOException;
import java.util.Map;
import org.oncrpckit.benchmarks.process.Allocation;
import org.oncrpckit.benchmarks.result.Comparison;
import org.oncrpckit.benchmarks.result.Series;

/** How many bytes a JVM allocates for each call of a load. */
final class AllocationPerCall {
    private AllocationPerCall() {}

    static Comparison measure(Session session, Allocation allocation, Contest.Contestant load)
            throws IOException, InterruptedException {
        load.run(session.seconds());
        double[] rounds = new double[session.rounds()];
        for (int i = 0; i < rounds.length; i++) {
            long before = allocation.bytes();
            long calls = load.run(session.seconds()).calls();
            rounds[i] = (double) (allocation.bytes() - before) / Math.max(1, calls);
        }
        return new Comparison(Series.of(rounds), Map.of(), null);
    }
}
