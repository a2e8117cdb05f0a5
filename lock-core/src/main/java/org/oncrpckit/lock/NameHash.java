package org.oncrpckit.lock;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * Hashes of names that remote parties choose. A name is read as a polynomial over the integers
 * modulo 2^61-1 and evaluated at a point that is drawn once in the life of the process and told
 * nobody. Two different names of n words agree at no more than n points, so whoever does not know
 * the point cannot choose names that collide.
 *
 * <p>A sum starts with {@link #START}, takes words and bytes, and ends with {@link #finish}.
 */
final class NameHash {
    static final long START = 0;

    private static final long PRIME = (1L << 61) - 1;
    private static final int WORD_BYTES = 7;
    private static final long WORD_MASK = (1L << (Byte.SIZE * WORD_BYTES)) - 1;
    private static final long POINT = new SecureRandom().nextLong() >>> 3;
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private NameHash() {}

    /** Adds a number. */
    static long add(long sum, long number) {
        return addWord(addWord(sum, number >>> Integer.SIZE), number & 0xFFFF_FFFFL);
    }

    /** Adds bytes, and how many they are. */
    static long add(long sum, byte[] bytes) {
        long h = addWord(sum, bytes.length);
        int at = 0;
        for (; at + Long.BYTES <= bytes.length; at += WORD_BYTES) {
            h = addWord(h, (long) LONGS.get(bytes, at) & WORD_MASK);
        }
        long rest = 0;
        for (; at < bytes.length; at++) {
            rest = (rest << Byte.SIZE) | Byte.toUnsignedInt(bytes[at]);
        }
        return addWord(h, rest);
    }

    private static long addWord(long sum, long word) {
        long term = sum + word;
        long low = term * POINT;
        long high = Math.multiplyHigh(term, POINT);
        // 2^61 is 1 modulo the prime: what is above bit 60 is added to what is below.
        long folded = (low & PRIME) + ((high << 3) | (low >>> 61));
        return (folded & PRIME) + (folded >>> 61);
    }

    /** The hash, all of its bits well mixed. */
    static int finish(long sum) {
        return EntryTable.spread(sum);
    }
}
