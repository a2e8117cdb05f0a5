package org.oncrpckit.testing;

import java.util.Random;

/**
 * Randomness that can be repeated: {@code -Dseed=} takes the number that a failed run printed. One
 * seed serves all tests of a run.
 */
public final class Seed {
    private static final long SEED = Long.getLong("seed", System.nanoTime());

    static {
        System.out.println("random tests run with -Dseed=" + SEED);
    }

    private Seed() {}

    /** The random source of one test; it does not depend on which tests ran before. */
    public static Random random(String test) {
        return new Random(SEED ^ test.hashCode());
    }

    /**
     * Bytes that decoders get further with than with white noise: mostly small words, some huge
     * ones, some noise, and a length that need not be a multiple of four.
     */
    public static byte[] plausibleBytes(Random random, int lengthMax) {
        byte[] bytes = new byte[random.nextInt(lengthMax + 1)];
        for (int i = 0; i < bytes.length; i++) {
            boolean lowByte = i % 4 == 3;
            switch (random.nextInt(16)) {
                case 0 -> bytes[i] = (byte) random.nextInt(256);
                case 1 -> bytes[i] = (byte) 0xff;
                default -> bytes[i] = (byte) (lowByte ? random.nextInt(4) : 0);
            }
        }
        return bytes;
    }
}
