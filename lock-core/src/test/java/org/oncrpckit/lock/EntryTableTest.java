package org.oncrpckit.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EntryTableTest {
    private static final class Numbered extends EntryTable.Entry {
        final int number;

        Numbered(int number, int hash) {
            super(hash);
            this.number = number;
        }
    }

    private static List<Integer> withHash(EntryTable<Numbered> table, int hash) {
        List<Integer> found = new ArrayList<>();
        for (Numbered e = table.first(hash); e != null; e = table.after(e)) {
            found.add(e.number);
        }
        return found;
    }

    @Test
    void findsEntriesWhileItGrowsAndShrinks() {
        EntryTable<Numbered> table = new EntryTable<>();
        List<Numbered> entries = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            Numbered e = new Numbered(i, EntryTable.spread(i));
            table.add(e);
            entries.add(e);
            assertThat(withHash(table, EntryTable.spread(i))).containsExactly(i);
        }
        List<Integer> visited = new ArrayList<>();
        table.forEach(e -> visited.add(e.number));
        assertThat(visited).hasSize(5_000).doesNotHaveDuplicates();
        for (Numbered e : entries) {
            assertThat(withHash(table, EntryTable.spread(e.number))).containsExactly(e.number);
            table.remove(e);
            assertThat(withHash(table, EntryTable.spread(e.number))).isEmpty();
        }
        assertThat(table.size()).isZero();
    }

    @Test
    void entriesOfOneHashAreAllFound() {
        EntryTable<Numbered> table = new EntryTable<>();
        Numbered middle = new Numbered(2, 7);
        table.add(new Numbered(1, 7));
        table.add(middle);
        table.add(new Numbered(3, 7));
        // Shares the slot of small tables, but not the hash.
        table.add(new Numbered(4, 7 + (1 << 20)));

        assertThat(withHash(table, 7)).containsExactlyInAnyOrder(1, 2, 3);
        table.remove(middle);
        assertThat(withHash(table, 7)).containsExactlyInAnyOrder(1, 3);
    }
}
