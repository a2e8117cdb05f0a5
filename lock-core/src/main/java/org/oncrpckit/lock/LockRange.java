package org.oncrpckit.lock;

import java.util.Objects;

/**
 * Bytes {@code first} to {@code last} of a file, both included, both unsigned 64-bit numbers. There
 * is no empty range and no length: a range up to the end of any file is one whose {@code last} is
 * {@link #END}.
 *
 * @param first the first byte, unsigned
 * @param last the last byte, unsigned, not below {@code first}
 */
public record LockRange(long first, long last) {
    /** The highest byte there can be, 2^64-1. */
    public static final long END = -1L;

    /** Every byte of a file. */
    public static final LockRange ALL = new LockRange(0, END);

    /**
     * Checks the order.
     *
     * @throws IllegalArgumentException if {@code first} is above {@code last}, unsigned
     */
    public LockRange {
        if (Long.compareUnsigned(first, last) > 0) {
            throw new IllegalArgumentException(
                    "range from "
                            + Long.toUnsignedString(first)
                            + " to "
                            + Long.toUnsignedString(last)
                            + " (expected: first <= last)");
        }
    }

    /** How this range lies to another one. */
    public Overlap overlap(LockRange other) {
        Objects.requireNonNull(other, "other");
        return Overlap.of(first, last, other.first, other.last);
    }

    /** Whether the two have a byte in common. */
    public boolean intersects(LockRange other) {
        return overlap(other) != Overlap.NONE;
    }

    /**
     * The bytes that the two have in common.
     *
     * @throws IllegalArgumentException if there are none
     */
    public LockRange intersection(LockRange other) {
        return new LockRange(
                Long.compareUnsigned(first, other.first) < 0 ? other.first : first,
                Long.compareUnsigned(last, other.last) > 0 ? other.last : last);
    }

    /** The two bounds, unsigned, as {@code first-last}. */
    @Override
    public String toString() {
        return Long.toUnsignedString(first) + "-" + Long.toUnsignedString(last);
    }
}
