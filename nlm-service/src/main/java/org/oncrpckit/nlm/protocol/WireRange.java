package org.oncrpckit.nlm.protocol;

import java.util.Objects;
import java.util.Optional;
import org.oncrpckit.lock.LockRange;

/**
 * Offsets and lengths, and the ranges of bytes that they stand for. All arithmetic on them is here.
 *
 * <p>In version 4 a client's files end at 2^63-1 at the latest. A range that reaches that byte is
 * one up to the end of the file, whichever way the client says so: length 0, length 2^64-1
 * (Windows), or a length that ends exactly there. In the lock table it ends at {@link
 * LockRange#END}; to clients its length is 0.
 *
 * <p>In versions 1 and 3 they end at 2^32-1 at the latest, but the same files may be longer for
 * others, so only length 0 goes to the end of the file; every other range is just what it says.
 */
public final class WireRange {
    /** The highest offset that a client can have. */
    public static final long OFFSET_MAX = Long.MAX_VALUE;

    private static final long ALL_ONES = -1L;

    /** The highest offset or length of versions 1 and 3. */
    static final long NARROW_MAX = 0xffff_ffffL;

    private WireRange() {}

    /**
     * The bytes that offset and length of versions 1 and 3 stand for.
     *
     * @param offset first byte, 0 to 2^32-1
     * @param length number of bytes, 0 to 2^32-1; 0 for all up to the end
     * @return empty when the last byte is above 2^32-1
     */
    public static Optional<LockRange> toNarrowRange(long offset, long length) {
        if (length == 0) {
            return Optional.of(new LockRange(offset, LockRange.END));
        }
        long last = offset + length - 1;
        return last > NARROW_MAX ? Optional.empty() : Optional.of(new LockRange(offset, last));
    }

    /**
     * The bytes that offset and length stand for.
     *
     * @param offset first byte, as unsigned bits
     * @param length number of bytes, as unsigned bits; 0 or 2^64-1 for all up to the end
     * @return empty when offset or end is above 2^63-1, which the protocol calls FBIG
     */
    public static Optional<LockRange> toRange(long offset, long length) {
        if (offset < 0) {
            return Optional.empty();
        }
        if (length == 0 || length == ALL_ONES) {
            return Optional.of(new LockRange(offset, LockRange.END));
        }
        long distance = length - 1;
        if (Long.compareUnsigned(distance, OFFSET_MAX - offset) > 0) {
            return Optional.empty();
        }
        long last = offset + distance;
        return Optional.of(new LockRange(offset, last == OFFSET_MAX ? LockRange.END : last));
    }

    /**
     * The offset that tells a client where a range begins.
     *
     * @return at most {@link #OFFSET_MAX}, even where a local owner locked beyond it
     */
    public static long offset(LockRange range) {
        Objects.requireNonNull(range, "range");
        return range.first() < 0 ? OFFSET_MAX : range.first();
    }

    /**
     * The length that tells a client where a range ends, counted from {@link #offset}.
     *
     * @return 0 when it ends at 2^63-1 or beyond
     */
    public static long length(LockRange range) {
        Objects.requireNonNull(range, "range");
        boolean toEnd = range.last() < 0 || range.last() == OFFSET_MAX;
        return toEnd ? 0 : range.last() - range.first() + 1;
    }
}
