package org.oncrpckit.lock;

import org.jspecify.annotations.Nullable;

/**
 * What one owner has on one file: held ranges, share reservations. Its ranges never overlap, and
 * two of one mode never touch. Guarded by the file's shard.
 *
 * <p>Most owners hold one range on a file, which is kept in plain fields; trees are made for a
 * second one.
 */
final class Holding extends EntryTable.Entry implements Comparable<Holding> {
    final FileEntry file;
    final OwnerEntry owner;
    @Nullable Holding previousOfOwner;
    @Nullable Holding nextOfOwner;

    /** One bit for each {@link ShareMode} that it has; see {@link FileShares}. */
    int shareModes;

    /**
     * The waiting requests that wait, as far as is known, for this owner to let go of a certain
     * byte.
     */
    @Nullable RangeTree<Waiter> watchers;

    /** The only range, if there is exactly one and no tree. */
    private long onlyFirst;

    private long onlyLast;
    private @Nullable LockMode onlyMode;
    private @Nullable RangeTree<Holding> shared;
    private @Nullable RangeTree<Holding> exclusive;

    Holding(FileEntry file, OwnerEntry owner) {
        super(hash(file, owner));
        this.file = file;
        this.owner = owner;
    }

    static int hash(FileEntry file, OwnerEntry owner) {
        return EntryTable.spread(((long) file.serial << 32) | (owner.serial & 0xFFFF_FFFFL));
    }

    /** How many ranges are held. */
    int size() {
        return (onlyMode == null ? 0 : 1) + size(shared) + size(exclusive);
    }

    /** Whether ranges are held in this mode; quicker than a search. */
    boolean holdsAny(LockMode mode) {
        return onlyMode == mode || size(tree(mode)) > 0;
    }

    private static int size(@Nullable RangeTree<Holding> tree) {
        return tree == null ? 0 : tree.size();
    }

    boolean isEmpty() {
        return size() == 0 && shareModes == 0;
    }

    private @Nullable RangeTree<Holding> tree(LockMode mode) {
        return mode == LockMode.SHARED ? shared : exclusive;
    }

    /** Finds the lowest range held in a mode that intersects [first, last]. */
    boolean find(LockMode mode, long first, long last, Hit found) {
        if (onlyMode != null) {
            if (onlyMode != mode || Overlap.of(first, last, onlyFirst, onlyLast) == Overlap.NONE) {
                return false;
            }
            found.set(onlyFirst, onlyLast, this, mode);
            return true;
        }
        RangeTree<Holding> tree = tree(mode);
        if (tree == null || !tree.find(first, last, found)) {
            return false;
        }
        found.value = this;
        found.mode = mode;
        return true;
    }

    /**
     * Finds the lowest range that intersects [first, last] and, held by another owner, conflicts
     * with a mode.
     */
    boolean findConflict(LockMode wanted, long first, long last, Hit found) {
        boolean hit = find(LockMode.EXCLUSIVE, first, last, found);
        if (wanted == LockMode.EXCLUSIVE) {
            if (!hit) {
                return find(LockMode.SHARED, first, last, found);
            }
            Hit other = new Hit();
            if (find(LockMode.SHARED, first, last, other) && other.isBefore(found)) {
                found.copy(other);
            }
        }
        return hit;
    }

    /** Whether all of [first, last] is held in a mode that excludes at least as much. */
    boolean covers(LockMode wanted, long first, long last) {
        Hit hit = new Hit();
        long from = first;
        while (find(LockMode.EXCLUSIVE, from, from, hit)
                || (wanted == LockMode.SHARED && find(LockMode.SHARED, from, from, hit))) {
            if (Long.compareUnsigned(hit.last, last) >= 0) {
                return true;
            }
            from = hit.last + 1;
        }
        return false;
    }

    /** Whether all of [first, last] is held in just this mode. Ranges of one mode do not touch. */
    boolean holds(LockMode mode, long first, long last) {
        Hit hit = new Hit();
        return find(mode, first, first, hit) && Long.compareUnsigned(hit.last, last) >= 0;
    }

    void add(LockMode mode, long first, long last) {
        if (size() == 0) {
            shared = null;
            exclusive = null;
            onlyFirst = first;
            onlyLast = last;
            onlyMode = mode;
        } else {
            LockMode only = onlyMode;
            if (only != null) {
                onlyMode = null;
                treeFor(only).add(onlyFirst, onlyLast, null);
            }
            treeFor(mode).add(first, last, null);
        }
        file.added(this, mode, first, last);
    }

    private RangeTree<Holding> treeFor(LockMode mode) {
        RangeTree<Holding> tree = tree(mode);
        if (tree == null) {
            tree = new RangeTree<>(false, true);
            if (mode == LockMode.SHARED) {
                shared = tree;
            } else {
                exclusive = tree;
            }
        }
        return tree;
    }

    void remove(LockMode mode, long first) {
        if (onlyMode != null) {
            onlyMode = null;
        } else {
            treeFor(mode).remove(first, null);
        }
        file.removed(this, mode, first);
    }

    void setLast(LockMode mode, long first, long last) {
        if (onlyMode != null) {
            onlyLast = last;
        } else {
            treeFor(mode).setLast(first, null, last);
        }
        file.lastSet(this, mode, first, last);
    }

    @Override
    public int compareTo(Holding other) {
        return owner.owner.compareTo(other.owner.owner);
    }

    /** Checks the trees; for tests. */
    void check() {
        if (shared != null) {
            shared.check();
        }
        if (exclusive != null) {
            exclusive.check();
        }
    }
}
