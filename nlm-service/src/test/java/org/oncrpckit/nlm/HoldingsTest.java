package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.HeldLock;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.LockPolicy;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.LockRequest;
import org.oncrpckit.lock.LockTable;
import org.oncrpckit.lock.SystemId;

class HoldingsTest {
    private static final FileId FILE = FileId.of(new byte[] {1});
    private static final LockOwner OWNER = LockOwner.of(SystemId.LOCAL, new byte[] {1}, 1);

    /** Both ends of the numbers that there are, where sums overflow. */
    private static final long[] BASES = {0, Long.MAX_VALUE - 8, -16};

    @Test
    void whatIsLeftOutIsJustTheBytesOfOthers() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("HoldingsTest: -Dseed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            long base = BASES[random.nextInt(BASES.length)];
            LockRange range = range(base, random);
            List<LockRange> others = new ArrayList<>();
            for (int n = random.nextInt(5); n > 0; n--) {
                others.add(range(base, random));
            }
            List<LockRange> rest = Holdings.without(range, others);
            for (long at = base; at != base + 16; at++) {
                LockRange one = new LockRange(at, at);
                boolean left = range.intersects(one) && others.stream().noneMatch(one::intersects);
                assertThat(rest.stream().filter(one::intersects).count())
                        .as("%s without %s at %s", range, others, Long.toUnsignedString(at))
                        .isEqualTo(left ? 1 : 0);
            }
            for (int n = 1; n < rest.size(); n++) {
                // A hole between each two, so that they are as few as can be.
                assertThat(rest.get(n).first() - rest.get(n - 1).last()).isGreaterThan(1);
            }
        }
    }

    private static LockRange range(long base, Random random) {
        int first = random.nextInt(16);
        return new LockRange(base + first, base + first + random.nextInt(16 - first));
    }

    @Test
    void manyLocksAreVisitedOnceEachAndInOrder() {
        LockTable table = LockTable.builder().build();
        for (int i = 0; i < 1024; i++) {
            LockRange one = new LockRange(2L * i, 2L * i);
            table.lock(new LockRequest(FILE, OWNER, one, LockMode.SHARED), LockPolicy.TRY);
        }
        List<HeldLock> visited = new ArrayList<>();

        // Of 1,024 the last one is at 2,046: the look that is full has seen the last byte.
        for (LockRange range : List.of(LockRange.ALL, new LockRange(0, 2046))) {
            visited.clear();
            Holdings.forEach(table, OWNER, FILE, range, visited::add);
            assertThat(visited)
                    .hasSize(1024)
                    .isSortedAccordingTo(
                            (a, b) -> Long.compareUnsigned(a.range().first(), b.range().first()))
                    .doesNotHaveDuplicates();
        }
    }
}
