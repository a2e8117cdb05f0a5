package org.oncrpckit.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Every way in which ranges can lie to each other, on eight bytes at the start, the middle and the
 * end of all bytes.
 */
class GeometryTest {
    private static final int BYTES = 8;
    private static final long[] ORIGINS = {0, Long.MAX_VALUE - 3, -BYTES};
    private static final FileId FILE = FileId.of(new byte[] {1});
    private static final LockOwner OWNER = LockOwner.of(SystemId.LOCAL, new byte[] {1}, 1);
    private static final LockOwner OTHER = LockOwner.of(SystemId.LOCAL, new byte[] {2}, 2);

    private static List<int[]> ranges() {
        List<int[]> ranges = new ArrayList<>();
        for (int first = 0; first < BYTES; first++) {
            for (int last = first; last < BYTES; last++) {
                ranges.add(new int[] {first, last});
            }
        }
        return ranges;
    }

    private static LockRange at(long origin, int[] range) {
        return new LockRange(origin + range[0], origin + range[1]);
    }

    @Test
    void classifierAgreesWithSetsOfBytes() {
        for (int[] a : ranges()) {
            for (int[] b : ranges()) {
                Overlap expected = expected(bits(a), bits(b), a, b);
                for (long origin : ORIGINS) {
                    assertThat(at(origin, a).overlap(at(origin, b))).isEqualTo(expected);
                    assertThat(at(origin, a).intersects(at(origin, b)))
                            .isEqualTo(expected != Overlap.NONE);
                    if (expected != Overlap.NONE) {
                        int[] common = {Math.max(a[0], b[0]), Math.min(a[1], b[1])};
                        assertThat(at(origin, a).intersection(at(origin, b)))
                                .isEqualTo(at(origin, common));
                    }
                }
            }
        }
    }

    private static BitSet bits(int[] range) {
        BitSet bits = new BitSet();
        bits.set(range[0], range[1] + 1);
        return bits;
    }

    private static Overlap expected(BitSet a, BitSet b, int[] rangeA, int[] rangeB) {
        if (!a.intersects(b)) {
            return Overlap.NONE;
        } else if (a.equals(b)) {
            return Overlap.EQUAL;
        }
        BitSet both = (BitSet) a.clone();
        both.and(b);
        if (both.equals(b)) {
            return Overlap.CONTAINS;
        } else if (both.equals(a)) {
            return Overlap.CONTAINED;
        }
        return rangeA[0] < rangeB[0] ? Overlap.STARTS_BEFORE : Overlap.ENDS_AFTER;
    }

    /** Two locks and then a lock or an unlock, in all modes and places. */
    @Test
    void threeChangesInARowLeaveTheRightBytes() {
        LockMode[] modes = {null, LockMode.SHARED, LockMode.EXCLUSIVE};
        for (long origin : ORIGINS) {
            for (int[] a : ranges()) {
                for (int[] b : ranges()) {
                    for (LockMode modeOfB : modes) {
                        for (int[] c : ranges()) {
                            check(origin, a, b, modeOfB, c, modes[(a[0] + b[1] + c[0]) % 3]);
                        }
                    }
                }
            }
        }
    }

    private static void check(
            long origin, int[] a, int[] b, LockMode modeOfB, int[] c, LockMode modeOfC) {
        LockTable table = LockTable.builder().singleThreaded().build();
        LockMode[] bytes = new LockMode[BYTES];
        apply(table, bytes, origin, a, LockMode.SHARED);
        apply(table, bytes, origin, b, modeOfB);
        apply(table, bytes, origin, c, modeOfC);
        List<HeldLock> expected = new ArrayList<>();
        for (int first = 0; first < BYTES; first++) {
            int last = first;
            while (last + 1 < BYTES && bytes[last + 1] == bytes[first]) {
                last++;
            }
            if (bytes[first] != null) {
                LockRange range = at(origin, new int[] {first, last});
                expected.add(new HeldLock(FILE, OWNER, range, bytes[first]));
            }
            first = last;
        }
        if (!table.held(Scope.of(FILE)).toList().equals(expected)) {
            assertThat(table.held(Scope.of(FILE)))
                    .as("at %s after [%s-%s], %s [%s-%s]", origin, a[0], a[1], modeOfB, b[0], b[1])
                    .isEqualTo(expected);
        }
    }

    private static void apply(
            LockTable table, LockMode[] bytes, long origin, int[] range, LockMode mode) {
        if (mode == null) {
            table.unlock(OWNER, FILE, at(origin, range));
        } else {
            table.lock(new LockRequest(FILE, OWNER, at(origin, range), mode), LockPolicy.TRY);
        }
        for (int i = range[0]; i <= range[1]; i++) {
            bytes[i] = mode;
        }
    }

    @Test
    void testFindsAConflictExactlyWhereBytesMeet() {
        for (long origin : ORIGINS) {
            for (int[] held : ranges()) {
                LockTable table = LockTable.builder().build();
                HeldLock lock = new HeldLock(FILE, OWNER, at(origin, held), LockMode.EXCLUSIVE);
                table.lock(new LockRequest(FILE, OWNER, lock.range(), lock.mode()), LockPolicy.TRY);
                for (int[] wanted : ranges()) {
                    LockRequest request =
                            new LockRequest(FILE, OTHER, at(origin, wanted), LockMode.SHARED);
                    if (bits(held).intersects(bits(wanted))) {
                        assertThat(table.test(request)).contains(lock);
                    } else {
                        assertThat(table.test(request)).isEmpty();
                    }
                }
            }
        }
    }
}
