package org.oncrpckit.lock;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random operations against the model. {@code -Dseed=N} repeats a run, {@code -Doperations=N} makes
 * it longer.
 */
class ModelTest {
    private static final int OPERATIONS_FIXED = 20_000;
    private static final int OPERATIONS_FRESH = 20_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void tableDoesWhatTheModelDoes(long seed) {
        runMany(seed, OPERATIONS_FIXED);
    }

    @RepeatedTest(8)
    void tableDoesWhatTheModelDoesWithAFreshSeed() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("ModelTest: -Dseed=" + seed);
        runMany(seed, Integer.getInteger("operations", OPERATIONS_FRESH));
    }

    private static void runMany(long seed, int operations) {
        Random random = new Random(seed);
        for (int done = 0; done < operations; ) {
            SideBySide.Settings settings = settings(random);
            List<Operation> sequence = sequence(random);
            done += sequence.size();
            try {
                SideBySide.run(settings, sequence);
            } catch (AssertionError | RuntimeException e) {
                report(seed, settings, sequence);
                throw e;
            }
        }
    }

    private static SideBySide.Settings settings(Random random) {
        int overtakingsMax = new int[] {0, 1, 8}[random.nextInt(3)];
        boolean tight = random.nextInt(8) == 0;
        return new SideBySide.Settings(overtakingsMax, tight ? 12 : 1000, tight ? 4 : 1000);
    }

    private static List<Operation> sequence(Random random) {
        List<Operation> sequence = new ArrayList<>();
        int length = random.nextInt(10) == 0 ? 300 : 50;
        while (sequence.size() < length) {
            sequence.add(Operation.random(random));
        }
        return sequence;
    }

    private static void report(long seed, SideBySide.Settings settings, List<Operation> sequence) {
        StringBuilder text =
                new StringBuilder(
                        "seed " + seed + ", " + settings + ", shortest failing sequence:\n");
        Shrinker.shrink(sequence, s -> fails(settings, s))
                .forEach(o -> text.append("  ").append(o).append('\n'));
        System.out.println(text);
    }

    private static boolean fails(SideBySide.Settings settings, List<Operation> sequence) {
        try {
            SideBySide.run(settings, sequence);
            return false;
        } catch (AssertionError | RuntimeException e) {
            return true;
        }
    }
}
