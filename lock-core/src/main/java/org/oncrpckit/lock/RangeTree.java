package org.oncrpckit.lock;

import org.jspecify.annotations.Nullable;

/**
 * Ranges in order of their first byte: a B+ tree whose nodes are sorted columns of plain numbers,
 * because at a million entries the cache decides. Inner nodes know the greatest last byte below
 * each child, which finds the ranges that intersect a given one among others that overlap each
 * other.
 *
 * <p>An entry is a range and, in a tree with values, a value. Entries are told apart by first byte
 * and value: in a tree without values, and in a {@code disjoint} one, no two may start on the same
 * byte. Not thread-safe.
 *
 * @param <V> the values
 */
final class RangeTree<V extends Comparable<V>> {
    private static final int ROWS_MIN = RangeNode.ROWS_MAX / 4;

    /** An entry that was found. */
    static class Entry<V> {
        long first;
        long last;
        @Nullable V value;
    }

    private final boolean values;
    private final boolean disjoint;
    private @Nullable RangeNode root;
    private int size;

    /**
     * The end of the entry that the running {@link #remove} has taken out, for the levels above the
     * leaf.
     */
    private long removedLast;

    /**
     * Makes an empty tree.
     *
     * @param values whether entries have values
     * @param disjoint whether no two entries will ever intersect, which makes searches quicker
     */
    RangeTree(boolean values, boolean disjoint) {
        this.values = values;
        this.disjoint = disjoint;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Puts in an entry that is not there. */
    void add(long first, long last, @Nullable V value) {
        RangeNode top = root;
        if (top == null) {
            top = RangeNode.leaf(values);
            root = top;
        }
        RangeNode right = add(top, first, last, value);
        if (right != null) {
            root = RangeNode.above(top, right);
        }
        size++;
    }

    private static @Nullable RangeNode add(
            RangeNode n, long first, long last, @Nullable Object value) {
        int row = n.rowsBelow(first, value, true);
        if (n.isLeaf()) {
            n.insert(row, first, last, value, null);
            return n.count == RangeNode.ROWS_MAX ? n.split(row == n.count - 1) : null;
        }
        int at = Math.max(0, row - 1);
        if (row == 0) {
            n.setFirst(0, first);
            if (n.value != null) {
                n.value[0] = value;
            }
        }
        RangeNode c = n.childAt(at);
        RangeNode right = add(c, first, last, value);
        if (right == null) {
            if (Long.compareUnsigned(last, n.last(at)) > 0) {
                n.setLast(at, last);
            }
            return null;
        }
        n.setLast(at, c.max());
        n.insert(at + 1, right.first(0), right.max(), right.valueAt(0), right);
        return n.count == RangeNode.ROWS_MAX ? n.split(at + 1 == n.count - 1) : null;
    }

    /** Takes out an entry that is there. */
    void remove(long first, @Nullable V value) {
        RangeNode top = root;
        if (top == null) {
            throw absent(first, value);
        }
        remove(top, first, value);
        size--;
        if (size == 0) {
            root = null;
        } else if (!top.isLeaf() && top.count == 1) {
            root = top.childAt(0);
        }
    }

    private void remove(RangeNode n, long first, @Nullable Object value) {
        int row = n.rowsBelow(first, value, true) - 1;
        if (n.isLeaf()) {
            checkFound(n, row, first, value);
            removedLast = n.last(row);
            n.remove(row);
            return;
        }
        if (row < 0) {
            throw absent(first, value);
        }
        RangeNode c = n.childAt(row);
        remove(c, first, value);
        if (c.count == 0) {
            n.remove(row);
            return;
        }
        if (n.last(row) == removedLast) {
            n.setLast(row, c.max());
        }
        if (c.count < ROWS_MIN) {
            if (row + 1 < n.count) {
                joinRight(n, row);
            } else if (row > 0) {
                joinRight(n, row - 1);
            }
        }
    }

    private static void joinRight(RangeNode n, int row) {
        if (n.childAt(row).join(n.childAt(row + 1))) {
            if (Long.compareUnsigned(n.last(row + 1), n.last(row)) > 0) {
                n.setLast(row, n.last(row + 1));
            }
            n.remove(row + 1);
        }
    }

    /** Moves the end of an entry that is there. */
    void setLast(long first, @Nullable V value, long last) {
        RangeNode top = root;
        if (top == null) {
            throw absent(first, value);
        }
        setLast(top, first, value, last);
    }

    private void setLast(RangeNode n, long first, @Nullable Object value, long last) {
        int row = n.rowsBelow(first, value, true) - 1;
        if (n.isLeaf()) {
            checkFound(n, row, first, value);
            n.setLast(row, last);
        } else if (row < 0) {
            throw absent(first, value);
        } else {
            setLast(n.childAt(row), first, value, last);
            n.setLast(row, n.childAt(row).max());
        }
    }

    private static void checkFound(RangeNode n, int row, long first, @Nullable Object value) {
        if (row < 0 || n.first(row) != first || n.valueAt(row) != value) {
            throw absent(first, value);
        }
    }

    private static IllegalStateException absent(long first, @Nullable Object value) {
        return new IllegalStateException(
                "no entry at " + Long.toUnsignedString(first) + " with " + value);
    }

    /** Finds the lowest entry that intersects [first, last], if there is one. */
    boolean find(long first, long last, Entry<V> found) {
        return find(first, last, null, found);
    }

    /**
     * Finds the lowest entry that intersects [first, last] and has not this value, if there is one.
     */
    boolean find(long first, long last, @Nullable V except, Entry<V> found) {
        RangeNode top = root;
        return top != null && find(top, first, last, false, 0, null, except, found);
    }

    /**
     * Finds the lowest entry that intersects [first, last], comes after the given key, and has not
     * a certain value.
     *
     * @param afterFirst the key's first byte
     * @param afterValue the key's value; need not be in the tree
     */
    boolean findAfter(
            long first,
            long last,
            long afterFirst,
            @Nullable V afterValue,
            @Nullable V except,
            Entry<V> found) {
        RangeNode top = root;
        return top != null && find(top, first, last, true, afterFirst, afterValue, except, found);
    }

    @SuppressWarnings("unchecked")
    private boolean find(
            RangeNode n,
            long first,
            long last,
            boolean after,
            long afterFirst,
            @Nullable Object afterValue,
            @Nullable Object except,
            Entry<V> found) {
        int row = 0;
        if (disjoint) {
            // Whatever starts before the last entry that starts at or before `first` also ends
            // before it.
            row = Math.max(0, n.rowsBelow(first, null, true) - 1);
        }
        if (after) {
            int passed = n.rowsBelow(afterFirst, afterValue, true);
            row = Math.max(row, n.isLeaf() ? passed : passed - 1);
        }
        for (; row < n.count && Long.compareUnsigned(n.first(row), last) <= 0; row++) {
            if (Long.compareUnsigned(n.last(row), first) < 0) {
                continue;
            }
            if (!n.isLeaf()) {
                if (find(
                        n.childAt(row),
                        first,
                        last,
                        after,
                        afterFirst,
                        afterValue,
                        except,
                        found)) {
                    return true;
                }
            } else if (except == null || n.valueAt(row) != except) {
                found.first = n.first(row);
                found.last = n.last(row);
                found.value = (V) n.valueAt(row);
                return true;
            }
        }
        return false;
    }

    /** Checks order and summaries; for tests. */
    void check() {
        RangeNode top = root;
        int entries = top == null ? 0 : check(top);
        if (entries != size) {
            throw new IllegalStateException(entries + " entries (expected: " + size + ")");
        }
    }

    private int check(RangeNode n) {
        int entries = n.isLeaf() ? n.count : 0;
        for (int row = 0; row < n.count; row++) {
            if (n.rowsBelow(n.first(row), n.valueAt(row), true) != row + 1) {
                throw new IllegalStateException("row " + row + " out of order");
            }
            if (!n.isLeaf()) {
                RangeNode c = n.childAt(row);
                if (c.max() != n.last(row)
                        || c.rowsBelow(n.first(row), n.valueAt(row), false) != 0) {
                    throw new IllegalStateException("wrong summary of row " + row);
                }
                entries += check(c);
            }
        }
        return entries;
    }
}
