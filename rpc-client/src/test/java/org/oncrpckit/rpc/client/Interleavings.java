package org.oncrpckit.rpc.client;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;

/** How much Lincheck tries; {@code -Dscenarios=N} tries so many scenarios. */
final class Interleavings {
    private static final int SCENARIOS = Integer.getInteger("scenarios", 12);

    private Interleavings() {}

    /** Real threads, again and again. */
    static void stress(Class<?> scenario) {
        new StressOptions()
                .iterations(SCENARIOS)
                .invocationsPerIteration(300)
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1)
                .check(scenario);
    }

    /** Two operations at a time, one interleaving after the other: finds what no clock would. */
    static void search(Class<?> scenario) {
        new ModelCheckingOptions()
                .iterations(SCENARIOS)
                .invocationsPerIteration(100)
                .threads(2)
                .actorsPerThread(1)
                .actorsBefore(1)
                .actorsAfter(0)
                .check(scenario);
    }
}
