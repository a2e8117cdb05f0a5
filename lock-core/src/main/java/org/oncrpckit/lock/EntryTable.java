package org.oncrpckit.lock;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A hash table whose entries carry their own hash and link, so that an entry costs one or two
 * references in the table and nothing else, and a look-up touches the table and the entry. It
 * compares no keys: a look-up walks the few entries of a hash with {@link #first} and {@link
 * #after}. What remote parties choose must be hashed by {@link NameHash}.
 */
final class EntryTable<E extends EntryTable.Entry> {
    private static final int SLOTS_MIN = 16;

    /** What can be in a table, in one at a time. */
    abstract static class Entry {
        private final int hash;
        private @Nullable Entry next;

        Entry(int hash) {
            this.hash = hash;
        }
    }

    /** Twice as many as entries, or more, while it grows: few entries share one. */
    private @Nullable Entry[] slots = new @Nullable Entry[SLOTS_MIN];

    private int size;

    /** A well mixed hash of a number. */
    static int spread(long number) {
        long h = number * 0x9E3779B97F4A7C15L;
        return (int) (((h ^ (h >>> 29)) * 0xBF58476D1CE4E5B9L) >>> 32);
    }

    int size() {
        return size;
    }

    /** The first entry with this hash, or null. */
    @Nullable E first(int hash) {
        return sameHash(slots[hash & (slots.length - 1)], hash);
    }

    /** The next entry with the same hash, or null. */
    @Nullable E after(E entry) {
        Entry e = entry;
        return sameHash(e.next, e.hash);
    }

    @SuppressWarnings("unchecked")
    private @Nullable E sameHash(@Nullable Entry from, int hash) {
        Entry e = from;
        while (e != null && e.hash != hash) {
            e = e.next;
        }
        return (E) e;
    }

    /** Visits all entries, in no order that means anything. */
    @SuppressWarnings("unchecked")
    void forEach(Consumer<? super E> visitor) {
        for (Entry head : slots) {
            for (Entry e = head; e != null; e = e.next) {
                visitor.accept((E) e);
            }
        }
    }

    void add(E entry) {
        size++;
        if (2 * size > slots.length) {
            resize(slots.length * 2);
        }
        link(entry);
    }

    void remove(E entry) {
        Entry gone = entry;
        int slot = gone.hash & (slots.length - 1);
        Entry before = null;
        Entry e = slots[slot];
        while (e != null && e != gone) {
            before = e;
            e = e.next;
        }
        if (e == null) {
            throw new IllegalStateException("not in the table: " + entry);
        }
        if (before == null) {
            slots[slot] = gone.next;
        } else {
            before.next = gone.next;
        }
        gone.next = null;
        size--;
        if (slots.length > SLOTS_MIN && size < slots.length / 8) {
            resize(slots.length / 2);
        }
    }

    private void link(Entry entry) {
        int slot = entry.hash & (slots.length - 1);
        entry.next = slots[slot];
        slots[slot] = entry;
    }

    private void resize(int length) {
        @Nullable Entry[] old = slots;
        slots = new @Nullable Entry[length];
        for (Entry head : old) {
            Entry e = head;
            while (e != null) {
                Entry next = e.next;
                link(e);
                e = next;
            }
        }
    }
}
