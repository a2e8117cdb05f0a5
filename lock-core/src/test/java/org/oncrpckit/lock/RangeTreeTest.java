package org.oncrpckit.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The tree against a sorted set of the same entries, big enough for several levels. */
class RangeTreeTest {
    private record Row(long first, long last, Integer value) {}

    private static final Comparator<Row> BY_KEY =
            ((Comparator<Row>) (a, b) -> Long.compareUnsigned(a.first, b.first))
                    .thenComparing(Row::value);

    @Test
    void growsAndShrinksInRandomOrder() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("RangeTreeTest: -Dseed=" + seed);
        Random random = new Random(seed);
        RangeTree<Integer> tree = new RangeTree<>(true, false);
        TreeSet<Row> rows = new TreeSet<>(BY_KEY);
        for (int size : new int[] {20_000, 500, 9_000, 0}) {
            boolean growing = size > rows.size();
            while (growing ? rows.size() < size : rows.size() > size) {
                change(random, tree, rows, growing);
            }
            tree.check();
            assertThat(tree.size()).isEqualTo(size);
            assertThat(all(tree, 0, LockRange.END)).isEqualTo(new ArrayList<>(rows));
            for (int i = 0; i < 50; i++) {
                LockRange range = range(random);
                List<Row> expected = new ArrayList<>(rows);
                expected.removeIf(r -> !range.intersects(new LockRange(r.first, r.last)));
                assertThat(all(tree, range.first(), range.last())).isEqualTo(expected);
            }
        }
    }

    private static void change(
            Random random, RangeTree<Integer> tree, NavigableSet<Row> rows, boolean growing) {
        LockRange range = range(random);
        Row row = new Row(range.first(), range.last(), random.nextInt(5));
        if ((random.nextInt(3) > 0) == growing) {
            if (rows.add(row)) {
                tree.add(row.first, row.last, row.value);
            }
            return;
        }
        Row gone = rows.ceiling(row);
        if (gone == null) {
            return;
        }
        rows.remove(gone);
        if (random.nextInt(4) == 0 && gone.last != LockRange.END) {
            tree.setLast(gone.first, gone.value, gone.last + 1);
            rows.add(new Row(gone.first, gone.last + 1, gone.value));
        } else {
            tree.remove(gone.first, gone.value);
        }
    }

    private static LockRange range(Random random) {
        long first = random.nextInt(8_000) * (LockRange.END >>> 13);
        long last = first + random.nextInt(100_000);
        return Long.compareUnsigned(last, first) < 0
                ? new LockRange(first, LockRange.END)
                : new LockRange(first, last);
    }

    private static List<Row> all(RangeTree<Integer> tree, long first, long last) {
        List<Row> found = new ArrayList<>();
        RangeTree.Entry<Integer> e = new RangeTree.Entry<>();
        boolean more = tree.find(first, last, e);
        while (more) {
            found.add(new Row(e.first, e.last, e.value));
            more = tree.findAfter(first, last, e.first, e.value, null, e);
        }
        return found;
    }

    @Test
    void disjointTreeFindsTheSame() {
        RangeTree<Integer> tree = new RangeTree<>(false, true);
        for (int i = 0; i < 10_000; i++) {
            tree.add(i * 10L, i * 10L + 4, null);
        }
        RangeTree.Entry<Integer> e = new RangeTree.Entry<>();
        for (long at = 0; at < 100_000; at += 7) {
            assertThat(tree.find(at, at, e)).isEqualTo(at % 10 <= 4);
            long next = at % 10 <= 4 ? at / 10 * 10 : (at / 10 + 1) * 10;
            assertThat(tree.find(at, LockRange.END, e)).isEqualTo(next < 100_000);
            if (next < 100_000) {
                assertThat(e.first).isEqualTo(next);
            }
        }
    }
}
