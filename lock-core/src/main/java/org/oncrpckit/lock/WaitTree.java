package org.oncrpckit.lock;

import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one mode that wait on one file, in order of first byte and then place in the
 * queue: a treap whose nodes are the requests themselves. A node knows the greatest last byte and
 * the lowest and highest place below it. Priorities are a hash of the ticket, so the tree's shape
 * is random enough and yet always the same. Guarded like {@link Waiter}.
 *
 * <p>A search of the {@link WaitGraph}, known by its number, looks for requests of owners that it
 * has not come to yet. It leaves at the nodes that it passes which places are left below, and so
 * passes over those parts in which there is nothing new: it may ask for any number of ranges and
 * sees each request about once.
 */
final class WaitTree {
    /**
     * How many nodes a search for the latest request ahead looks at before it takes the latest
     * found so far. Any one would be right; a late one has to be replaced seldom.
     */
    private static final int LATEST_VISITS_MAX = 128;

    private @Nullable Waiter root;
    private int size;
    private int visits;

    int size() {
        return size;
    }

    void add(Waiter w) {
        w.left = null;
        w.right = null;
        root = add(root, w);
        size++;
    }

    void remove(Waiter w) {
        root = remove(root, w);
        w.left = null;
        w.right = null;
        size--;
    }

    private static int compare(long first, long order, Waiter b) {
        int byFirst = Long.compareUnsigned(first, b.first());
        return byFirst != 0 ? byFirst : Long.compare(order, b.order);
    }

    /** Whether one node belongs above another. */
    private static boolean isAbove(@Nullable Waiter a, Waiter b) {
        return a != null && EntryTable.spread(~a.ticket) > EntryTable.spread(~b.ticket);
    }

    private static Waiter add(@Nullable Waiter n, Waiter w) {
        if (n == null) {
            return summed(w);
        }
        if (compare(w.first(), w.order, n) < 0) {
            Waiter left = add(n.left, w);
            n.left = left;
            if (isAbove(left, n)) {
                n.left = left.right;
                left.right = summed(n);
                return summed(left);
            }
        } else {
            Waiter right = add(n.right, w);
            n.right = right;
            if (isAbove(right, n)) {
                n.right = right.left;
                right.left = summed(n);
                return summed(right);
            }
        }
        return summed(n);
    }

    private static @Nullable Waiter remove(@Nullable Waiter n, Waiter w) {
        if (n == null) {
            throw new IllegalStateException("not in the tree: #" + w.ticket);
        }
        if (n == w) {
            return merge(n.left, n.right);
        }
        if (compare(w.first(), w.order, n) < 0) {
            n.left = remove(n.left, w);
        } else {
            n.right = remove(n.right, w);
        }
        return summed(n);
    }

    private static @Nullable Waiter merge(@Nullable Waiter low, @Nullable Waiter high) {
        if (low == null) {
            return high;
        }
        if (high == null) {
            return low;
        }
        if (isAbove(low, high)) {
            low.right = merge(low.right, high);
            return summed(low);
        }
        high.left = merge(low, high.left);
        return summed(high);
    }

    private static Waiter summed(Waiter n) {
        n.lastMax = n.last();
        n.orderMin = n.order;
        n.orderMax = n.order;
        summed(n, n.left);
        summed(n, n.right);
        return n;
    }

    private static void summed(Waiter n, @Nullable Waiter child) {
        if (child != null) {
            if (Long.compareUnsigned(child.lastMax, n.lastMax) > 0) {
                n.lastMax = child.lastMax;
            }
            n.orderMin = Math.min(n.orderMin, child.orderMin);
            n.orderMax = Math.max(n.orderMax, child.orderMax);
        }
    }

    /**
     * Finds a late, as a rule the latest, request ahead of one that proves that it must wait.
     *
     * @param before the place that the result is ahead of
     * @return null only if there is none
     */
    @Nullable Waiter latestAhead(LockRequest request, long before) {
        visits = 0;
        return latest(root, request, before, null);
    }

    private @Nullable Waiter latest(
            @Nullable Waiter n, LockRequest r, long before, @Nullable Waiter best) {
        long first = r.range().first();
        if (n == null
                || n.orderMin >= before
                || (best != null && n.orderMax <= best.order)
                || Long.compareUnsigned(n.lastMax, first) < 0
                || (best != null && ++visits > LATEST_VISITS_MAX)) {
            return best;
        }
        long last = r.range().last();
        if (Long.compareUnsigned(n.first(), last) > 0) {
            return latest(n.left, r, before, best);
        }
        Waiter found = best;
        if (n.order < before && (best == null || n.order > best.order) && provesBlocked(n, r)) {
            found = n;
        }
        boolean rightFirst =
                n.left == null || (n.right != null && n.right.orderMax > n.left.orderMax);
        found = latest(rightFirst ? n.right : n.left, r, before, found);
        return latest(rightFirst ? n.left : n.right, r, before, found);
    }

    private static boolean provesBlocked(Waiter ahead, LockRequest r) {
        long first = r.range().first();
        long last = r.range().last();
        return ahead.request.owner().equals(r.owner())
                ? ahead.isWithin(first, last, r.mode())
                : ahead.mode().conflictsWith(r.mode()) && ahead.intersects(first, last);
    }

    /**
     * Visits the requests that intersect [first, last] and stand behind a place, in order of first
     * byte and place, until the visitor has had enough.
     *
     * @param behind the place, or {@link Long#MIN_VALUE} for all
     * @return whether the visitor wanted more to the end
     */
    boolean forEach(long first, long last, long behind, Predicate<Waiter> visitor) {
        return forEach(root, first, last, behind, visitor);
    }

    private static boolean forEach(
            @Nullable Waiter n, long first, long last, long behind, Predicate<Waiter> visitor) {
        if (n == null || n.orderMax <= behind || Long.compareUnsigned(n.lastMax, first) < 0) {
            return true;
        }
        if (!forEach(n.left, first, last, behind, visitor)) {
            return false;
        }
        if (Long.compareUnsigned(n.first(), last) > 0) {
            return true;
        }
        if (n.order > behind && n.intersects(first, last) && !visitor.test(n)) {
            return false;
        }
        return forEach(n.right, first, last, behind, visitor);
    }

    /** The lowest place below a node of an owner that a search has not come to, or more. */
    private static long leftMin(@Nullable Waiter n, long search) {
        if (n == null) {
            return Long.MAX_VALUE;
        }
        return n.seenBy == search ? n.leftMin : n.orderMin;
    }

    /** The highest such place, or less; {@link Long#MIN_VALUE} if there is none. */
    private static long leftMax(@Nullable Waiter n, long search) {
        if (n == null) {
            return Long.MIN_VALUE;
        }
        return n.seenBy == search ? n.leftMax : n.orderMax;
    }

    private static boolean isReached(Waiter n, long search) {
        return n.owner.reachedBy == search;
    }

    /** Leaves at a node what is left below it. */
    private static void seen(Waiter n, long search) {
        boolean reached = isReached(n, search);
        long min = Math.min(leftMin(n.left, search), leftMin(n.right, search));
        long max = Math.max(leftMax(n.left, search), leftMax(n.right, search));
        n.leftMin = reached ? min : Math.min(min, n.order);
        n.leftMax = reached ? max : Math.max(max, n.order);
        n.seenBy = search;
    }

    /**
     * Visits the requests that intersect [first, last], stand behind one place and ahead of
     * another, and belong to owners that a search has not come to. The visitor may say that it has
     * come to them now.
     *
     * @param behind the one place, or {@link Long#MIN_VALUE}
     * @param ahead the other place, or {@link Long#MAX_VALUE}
     */
    void forEachLeft(
            long first, long last, long behind, long ahead, long search, Consumer<Waiter> visitor) {
        forEachLeft(root, first, last, behind, ahead, search, visitor);
    }

    private static void forEachLeft(
            @Nullable Waiter n,
            long first,
            long last,
            long behind,
            long ahead,
            long search,
            Consumer<Waiter> visitor) {
        if (n == null
                || leftMax(n, search) <= behind
                || leftMin(n, search) >= ahead
                || Long.compareUnsigned(n.lastMax, first) < 0) {
            return;
        }
        forEachLeft(n.left, first, last, behind, ahead, search, visitor);
        if (Long.compareUnsigned(n.first(), last) <= 0) {
            if (n.order > behind
                    && n.order < ahead
                    && n.intersects(first, last)
                    && !isReached(n, search)) {
                visitor.accept(n);
            }
            forEachLeft(n.right, first, last, behind, ahead, search, visitor);
        }
        seen(n, search);
    }

    /**
     * Finds the lowest request, by first byte and place, of an owner that a search has not come to,
     * whose last byte is not below one given.
     *
     * @param after the request that it must come after, or null for any
     */
    @Nullable Waiter nextLeft(@Nullable Waiter after, long lastMin, long search) {
        return nextLeft(root, after, lastMin, search);
    }

    private static @Nullable Waiter nextLeft(
            @Nullable Waiter n, @Nullable Waiter after, long lastMin, long search) {
        if (n == null
                || leftMax(n, search) == Long.MIN_VALUE
                || Long.compareUnsigned(n.lastMax, lastMin) < 0) {
            return null;
        }
        Waiter found = null;
        boolean isAfter = after == null || compare(after.first(), after.order, n) < 0;
        if (isAfter) {
            found = nextLeft(n.left, after, lastMin, search);
            if (found == null
                    && Long.compareUnsigned(n.last(), lastMin) >= 0
                    && !isReached(n, search)) {
                found = n;
            }
        }
        if (found == null) {
            found = nextLeft(n.right, isAfter ? null : after, lastMin, search);
        }
        seen(n, search);
        return found;
    }

    /** Checks order and summaries; for tests. */
    void check() {
        if (check(root) != size) {
            throw new IllegalStateException("expected " + size + " waiting requests");
        }
    }

    private static int check(@Nullable Waiter n) {
        if (n == null) {
            return 0;
        }
        long lastMax = n.lastMax;
        long orderMin = n.orderMin;
        long orderMax = n.orderMax;
        int nodes = 1 + check(n.left) + check(n.right);
        summed(n);
        if (lastMax != n.lastMax || orderMin != n.orderMin || orderMax != n.orderMax) {
            throw new IllegalStateException("wrong summary at #" + n.ticket);
        }
        if ((n.left != null && compare(n.left.first(), n.left.order, n) >= 0)
                || (n.right != null && compare(n.right.first(), n.right.order, n) <= 0)) {
            throw new IllegalStateException("out of order at #" + n.ticket);
        }
        return nodes;
    }
}
