package org.oncrpckit.lock;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A file on which there is something. Guarded by its shard.
 *
 * <p>Two trees hold all owners' ranges in order, one for each mode: exclusive ones never intersect,
 * shared ones may. The trees are made when a second owner comes, and go when a single range is
 * left. As long as there is one owner, its own ranges serve in their place; and a single range is
 * kept here as well, so that a look at it touches nothing else.
 */
final class FileEntry extends EntryTable.Entry {
    final FileId id;
    final Shard shard;

    /** Tells files of a shard apart in hashes, and is nobody's choice. */
    final int serial;

    /** Share reservations, if there are any. */
    @Nullable FileShares shares;

    /**
     * Waiting requests, if there are any. Changes only under the shard's lock and the slow-path
     * lock together.
     */
    @Nullable FileQueue queue;

    /** What the only owner has that holds anything; null if there is none, or trees. */
    private @Nullable Holding sole;

    /** The sole holding's range, if it is a single one. */
    private long soleFirst;

    private long soleLast;

    /** The sole holding's mode, if it is a single range. */
    private @Nullable LockMode soleMode;

    private @Nullable RangeTree<Holding> shared;
    private @Nullable RangeTree<Holding> exclusive;

    FileEntry(FileId id, Shard shard, int serial) {
        super(id.hashCode());
        this.id = id;
        this.shard = shard;
        this.serial = serial;
    }

    /** By number, since what depends on identity hashes is never the same twice. */
    @Override
    public int hashCode() {
        return serial;
    }

    boolean isEmpty() {
        return !holdsAnything() && shares == null && queue == null;
    }

    private boolean holdsAnything() {
        return sole != null || shared != null || exclusive != null;
    }

    /** Told by a holding what it has added. */
    void added(Holding h, LockMode mode, long first, long last) {
        shard.countHeld(1);
        if (!holdsAnything()) {
            setSole(h, mode, first, last);
            return;
        }
        Holding before = sole;
        if (before == h) {
            soleMode = null;
            return;
        }
        if (before != null) {
            makeTrees(before);
        }
        treeFor(mode).add(first, last, h);
    }

    private void setSole(Holding h, LockMode mode, long first, long last) {
        sole = h;
        soleMode = mode;
        soleFirst = first;
        soleLast = last;
    }

    /** Told by a holding what it has removed. */
    void removed(Holding h, LockMode mode, long first) {
        shard.countHeld(-1);
        if (sole == h) {
            soleMode = null;
        } else {
            treeFor(mode).remove(first, h);
        }
        if (held() > 1) {
            return;
        }
        Hit left = new Hit();
        boolean any = findConflict(LockMode.EXCLUSIVE, 0, LockRange.END, null, left);
        shared = null;
        exclusive = null;
        sole = null;
        if (any) {
            setSole(left.holding(), left.mode, left.first, left.last);
        }
    }

    /** Told by a holding which end it has moved. */
    void lastSet(Holding h, LockMode mode, long first, long last) {
        if (sole != h) {
            treeFor(mode).setLast(first, h, last);
        } else if (soleMode != null) {
            soleLast = last;
        }
    }

    private void makeTrees(Holding from) {
        forEachConflict(
                LockMode.EXCLUSIVE,
                0,
                LockRange.END,
                null,
                hit -> {
                    treeFor(hit.mode).add(hit.first, hit.last, from);
                    return true;
                });
        sole = null;
    }

    private RangeTree<Holding> treeFor(LockMode mode) {
        RangeTree<Holding> tree = mode == LockMode.SHARED ? shared : exclusive;
        if (tree == null) {
            tree = new RangeTree<>(true, mode == LockMode.EXCLUSIVE);
            if (mode == LockMode.SHARED) {
                shared = tree;
            } else {
                exclusive = tree;
            }
        }
        return tree;
    }

    /**
     * Finds the lowest held lock, by first byte and owner, that intersects [first, last] and
     * conflicts with a mode.
     *
     * @param self whose locks do not count
     */
    boolean findConflict(
            LockMode wanted, long first, long last, @Nullable Holding self, Hit found) {
        Holding only = sole;
        LockMode mode = soleMode;
        if (only != null && mode != null) {
            boolean conflict =
                    only != self
                            && mode.conflictsWith(wanted)
                            && Overlap.of(first, last, soleFirst, soleLast) != Overlap.NONE;
            if (conflict) {
                found.set(soleFirst, soleLast, only, mode);
            }
            return conflict;
        }
        if (only != null) {
            return only != self && only.findConflict(wanted, first, last, found);
        }
        boolean hit = exclusive != null && exclusive.find(first, last, self, found);
        found.mode = LockMode.EXCLUSIVE;
        if (wanted == LockMode.SHARED || shared == null) {
            return hit;
        }
        if (!hit) {
            found.mode = LockMode.SHARED;
            return shared.find(first, last, self, found);
        }
        Hit other = new Hit();
        if (shared.find(first, last, self, other) && other.isBefore(found)) {
            other.mode = LockMode.SHARED;
            found.copy(other);
        }
        return true;
    }

    /**
     * Moves on to the next lock after one that {@link #findConflict} or this has found. Locks may
     * have come and gone in between, but not the last ones of the found one's holding.
     */
    boolean findNextConflict(
            LockMode wanted, long first, long last, @Nullable Holding self, Hit found) {
        long at = found.first;
        if (sole != null) {
            // One owner's ranges do not overlap: the next one starts after this one.
            return at != LockRange.END
                    && Long.compareUnsigned(found.last, last) < 0
                    && findConflict(wanted, found.last + 1, last, self, found);
        }
        Holding holder = found.holding();
        boolean hit =
                exclusive != null && exclusive.findAfter(first, last, at, holder, self, found);
        found.mode = LockMode.EXCLUSIVE;
        if (wanted == LockMode.EXCLUSIVE && shared != null) {
            Hit other = new Hit();
            other.mode = LockMode.SHARED;
            if (shared.findAfter(first, last, at, holder, self, other)
                    && (!hit || other.isBefore(found))) {
                found.copy(other);
                return true;
            }
        }
        return hit;
    }

    /**
     * Visits the held locks that intersect [first, last] and conflict with a mode, by first byte
     * and owner, until the visitor has had enough.
     *
     * @param self whose locks do not count
     * @param visitor sees each in the same object
     * @return whether the visitor wanted more to the end
     */
    boolean forEachConflict(
            LockMode wanted,
            long first,
            long last,
            @Nullable Holding self,
            Predicate<Hit> visitor) {
        Hit hit = new Hit();
        boolean more = findConflict(wanted, first, last, self, hit);
        while (more) {
            if (!visitor.test(hit)) {
                return false;
            }
            more = findNextConflict(wanted, first, last, self, hit);
        }
        return true;
    }

    /** How many ranges are held. */
    int held() {
        if (sole != null) {
            return soleMode != null ? 1 : sole.size();
        }
        return (shared == null ? 0 : shared.size()) + (exclusive == null ? 0 : exclusive.size());
    }

    /**
     * Everything that anybody has here, in order of its first range; those without one come last.
     */
    Set<Holding> holdings() {
        Set<Holding> found = new LinkedHashSet<>();
        forEachConflict(
                LockMode.EXCLUSIVE,
                0,
                LockRange.END,
                null,
                hit -> {
                    found.add(hit.holding());
                    return true;
                });
        if (shares != null) {
            shares.forEach(
                    (owner, mode, count) -> {
                        Holding h = shard.holding(this, owner);
                        if (h != null) {
                            found.add(h);
                        }
                    });
        }
        return found;
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
