package org.oncrpckit.lock;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A node of a {@link RangeTree}: sorted rows in columns. In a leaf a row is an entry. In an inner
 * node a row is a child: a key not above the child's first entry, and the greatest last byte
 * anywhere below it.
 */
final class RangeNode {
    /** A node splits when it has this many rows. */
    static final int ROWS_MAX = 64;

    /**
     * The most rows that two nodes may have together to be joined: not so many that they would soon
     * split again.
     */
    private static final int ROWS_JOINED_MAX = ROWS_MAX * 3 / 4;

    private static final int CAPACITY_FIRST = 2;

    /** How many first bytes share a cache line. */
    private static final int LINE = 8;

    int count;

    /** The first bytes of all rows there is room for, then the last bytes. */
    private long[] bounds;

    /** The entries' values or the keys' values; null in a tree without values. */
    @Nullable Object @Nullable [] value;

    /** The children; null in a leaf. */
    @Nullable RangeNode @Nullable [] child;

    private RangeNode(int capacity, boolean values, boolean inner) {
        bounds = new long[2 * capacity];
        value = values ? new @Nullable Object[capacity] : null;
        child = inner ? new @Nullable RangeNode[capacity] : null;
    }

    static RangeNode leaf(boolean values) {
        return new RangeNode(CAPACITY_FIRST, values, false);
    }

    /** A new root above two nodes. */
    static RangeNode above(RangeNode left, RangeNode right) {
        RangeNode root = new RangeNode(ROWS_MAX, left.value != null, true);
        root.insert(0, left.first(0), left.max(), left.valueAt(0), left);
        root.insert(1, right.first(0), right.max(), right.valueAt(0), right);
        return root;
    }

    boolean isLeaf() {
        return child == null;
    }

    private int capacity() {
        return bounds.length / 2;
    }

    long first(int row) {
        return bounds[row];
    }

    long last(int row) {
        return bounds[capacity() + row];
    }

    void setFirst(int row, long first) {
        bounds[row] = first;
    }

    void setLast(int row, long last) {
        bounds[capacity() + row] = last;
    }

    @Nullable Object valueAt(int row) {
        return value == null ? null : value[row];
    }

    /** A child that is known to be there. */
    RangeNode childAt(int row) {
        RangeNode c = child == null ? null : child[row];
        if (c == null) {
            throw new IllegalStateException("no child " + row + " of " + count);
        }
        return c;
    }

    /** The greatest last byte here or below. */
    long max() {
        long max = 0;
        for (int i = 0; i < count; i++) {
            if (Long.compareUnsigned(last(i), max) > 0) {
                max = last(i);
            }
        }
        return max;
    }

    /** How many rows have keys below (or, if {@code orEqual}, not above) the given one. */
    int rowsBelow(long key, @Nullable Object keyValue, boolean orEqual) {
        int low = firstsBelow(key);
        if (low == count || first(low) != key || value == null || keyValue == null) {
            return orEqual ? skipEqual(low, key) : low;
        }
        int high = skipEqual(low, key);
        while (low < high) {
            int middle = (low + high) >>> 1;
            int order = compareValues(valueAt(middle), keyValue);
            if (order < 0 || (orEqual && order == 0)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * How many first bytes are below one. Looks at one row of each cache line, which the processor
     * fetches all at once; each step of a binary search would have to wait for a line of its own.
     */
    private int firstsBelow(long key) {
        int row = 0;
        while (row + LINE <= count && Long.compareUnsigned(bounds[row + LINE - 1], key) < 0) {
            row += LINE;
        }
        while (row < count && Long.compareUnsigned(bounds[row], key) < 0) {
            row++;
        }
        return row;
    }

    private int skipEqual(int from, long key) {
        int row = from;
        while (row < count && bounds[row] == key) {
            row++;
        }
        return row;
    }

    @SuppressWarnings("unchecked") // all values of a tree are of one comparable type
    private static int compareValues(@Nullable Object a, @Nullable Object b) {
        return a == b || a == null || b == null ? 0 : ((Comparable<Object>) a).compareTo(b);
    }

    void insert(
            int row,
            long newFirst,
            long newLast,
            @Nullable Object newValue,
            @Nullable RangeNode newChild) {
        if (count == capacity()) {
            grow();
        }
        int moved = count - row;
        System.arraycopy(bounds, row, bounds, row + 1, moved);
        System.arraycopy(bounds, capacity() + row, bounds, capacity() + row + 1, moved);
        setFirst(row, newFirst);
        setLast(row, newLast);
        if (value != null) {
            System.arraycopy(value, row, value, row + 1, moved);
            value[row] = newValue;
        }
        if (child != null) {
            System.arraycopy(child, row, child, row + 1, moved);
            child[row] = newChild;
        }
        count++;
    }

    void remove(int row) {
        int moved = --count - row;
        System.arraycopy(bounds, row + 1, bounds, row, moved);
        System.arraycopy(bounds, capacity() + row + 1, bounds, capacity() + row, moved);
        if (value != null) {
            System.arraycopy(value, row + 1, value, row, moved);
            value[count] = null;
        }
        if (child != null) {
            System.arraycopy(child, row + 1, child, row, moved);
            child[count] = null;
        }
    }

    private void grow() {
        long[] old = bounds;
        int before = capacity();
        int capacity = Math.min(ROWS_MAX, 2 * before);
        bounds = new long[2 * capacity];
        System.arraycopy(old, 0, bounds, 0, count);
        System.arraycopy(old, before, bounds, capacity, count);
        if (value != null) {
            value = Arrays.copyOf(value, capacity);
        }
    }

    /**
     * Gives rows away to a new right neighbour: half, or only a few where rows came in at the end,
     * so that ascending insertion leaves full nodes behind.
     */
    RangeNode split(boolean atEnd) {
        int keep = atEnd ? count - count / 8 : count / 2;
        RangeNode right = new RangeNode(ROWS_MAX, value != null, child != null);
        right.append(this, keep, count - keep);
        truncate(keep);
        return right;
    }

    /** Takes all rows of the right neighbour, if there are few enough. */
    boolean join(RangeNode right) {
        if (count + right.count > ROWS_JOINED_MAX) {
            return false;
        }
        while (capacity() < count + right.count) {
            grow();
        }
        append(right, 0, right.count);
        return true;
    }

    private void append(RangeNode from, int row, int rows) {
        System.arraycopy(from.bounds, row, bounds, count, rows);
        System.arraycopy(from.bounds, from.capacity() + row, bounds, capacity() + count, rows);
        if (value != null && from.value != null) {
            System.arraycopy(from.value, row, value, count, rows);
        }
        if (child != null && from.child != null) {
            System.arraycopy(from.child, row, child, count, rows);
        }
        count += rows;
    }

    private void truncate(int rows) {
        if (value != null) {
            Arrays.fill(value, rows, count, null);
        }
        if (child != null) {
            Arrays.fill(child, rows, count, null);
        }
        count = rows;
    }
}
