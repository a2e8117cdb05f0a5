package org.oncrpckit.rpc.testing;

import java.util.concurrent.ThreadLocalRandom;

/** The seed of a random test: another one each time, printed, and settable with -Dseed=. */
public final class TestSeed {
    private TestSeed() {}

    /** The seed for one test of a class. */
    public static long of(Class<?> test) {
        Long given = Long.getLong("seed");
        long seed = given == null ? ThreadLocalRandom.current().nextLong() : given;
        System.out.println(test.getSimpleName() + " -Dseed=" + seed);
        return seed;
    }
}
