package org.oncrpckit.nlm.reclaim;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRange;

/**
 * What one owner holds of one file, in pieces that do not overlap. Most owners have one piece, for
 * which there is no tree. Not thread-safe.
 */
final class HeldBytes {
    private record Piece(LockRange range, LockMode mode) {}

    private @Nullable Piece only;

    /** By first byte, unsigned; null while there is one piece at the most. */
    private @Nullable NavigableMap<Long, Piece> many;

    boolean isEmpty() {
        return only == null && (many == null || many.isEmpty());
    }

    void hold(LockRange range, LockMode mode) {
        free(range);
        if (isEmpty()) {
            only = new Piece(range, mode);
            many = null;
        } else {
            put(tree(), new Piece(range, mode));
        }
    }

    void free(LockRange range) {
        Piece one = only;
        if (one != null) {
            switch (range.overlap(one.range())) {
                case NONE -> {
                    return;
                }
                case EQUAL, CONTAINS -> {
                    only = null;
                    return;
                }
                default -> {}
            }
        }
        if (!isEmpty()) {
            cut(tree(), range);
        }
    }

    /** Whether all of these bytes are held, in this mode or a stronger one. */
    boolean covers(LockRange range, LockMode mode) {
        Piece one = only;
        if (one != null) {
            return covers(one, range.first(), mode)
                    && Long.compareUnsigned(one.range().last(), range.last()) >= 0;
        }
        if (many == null) {
            return false;
        }
        long next = range.first();
        while (true) {
            Map.Entry<Long, Piece> piece = many.floorEntry(next);
            if (piece == null || !covers(piece.getValue(), next, mode)) {
                return false;
            }
            long last = piece.getValue().range().last();
            if (Long.compareUnsigned(last, range.last()) >= 0) {
                return true;
            }
            next = last + 1;
        }
    }

    /** In ascending order. */
    void forEach(BiConsumer<LockRange, LockMode> action) {
        if (only != null) {
            action.accept(only.range(), only.mode());
        } else if (many != null) {
            many.values().forEach(each -> action.accept(each.range(), each.mode()));
        }
    }

    private static boolean covers(Piece piece, long at, LockMode mode) {
        return piece.range().intersects(new LockRange(at, at))
                && (piece.mode() == LockMode.EXCLUSIVE || mode == LockMode.SHARED);
    }

    private NavigableMap<Long, Piece> tree() {
        if (many == null) {
            many = new TreeMap<>(Long::compareUnsigned);
        }
        if (only != null) {
            put(many, only);
            only = null;
        }
        return many;
    }

    private static void put(NavigableMap<Long, Piece> tree, Piece piece) {
        tree.put(piece.range().first(), piece);
    }

    private static void cut(NavigableMap<Long, Piece> tree, LockRange hole) {
        Map.Entry<Long, Piece> next = tree.floorEntry(hole.last());
        while (next != null && next.getValue().range().intersects(hole)) {
            Piece piece = next.getValue();
            LockRange range = piece.range();
            tree.remove(next.getKey());
            if (Long.compareUnsigned(range.first(), hole.first()) < 0) {
                put(tree, new Piece(new LockRange(range.first(), hole.first() - 1), piece.mode()));
            }
            if (Long.compareUnsigned(hole.last(), range.last()) < 0) {
                put(tree, new Piece(new LockRange(hole.last() + 1, range.last()), piece.mode()));
            }
            next = tree.lowerEntry(range.first());
        }
    }
}
