package org.oncrpckit.lock;

import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The requests that wait on one file. Guarded like {@link Waiter}. */
final class FileQueue {
    private final WaitTree shared = new WaitTree();
    private final WaitTree exclusive = new WaitTree();

    WaitTree tree(LockMode mode) {
        return mode == LockMode.SHARED ? shared : exclusive;
    }

    int size() {
        return shared.size() + exclusive.size();
    }

    boolean isEmpty() {
        return size() == 0;
    }

    void add(Waiter w) {
        tree(w.mode()).add(w);
    }

    void remove(Waiter w) {
        tree(w.mode()).remove(w);
    }

    /**
     * A late request ahead of a place that proves that a request there must wait; null only if
     * there is none.
     */
    @Nullable Waiter latestAhead(LockRequest request, long before) {
        Waiter found = exclusive.latestAhead(request, before);
        if (request.mode() == LockMode.EXCLUSIVE) {
            Waiter other = shared.latestAhead(request, before);
            if (found == null || (other != null && other.order > found.order)) {
                found = other;
            }
        }
        return found;
    }

    /**
     * Visits the requests of other owners that conflict with a lock and stand behind a place, until
     * the visitor has had enough; in no order that means anything.
     *
     * @param behind the place, or {@link Long#MIN_VALUE} for all
     * @return whether the visitor wanted more to the end
     */
    boolean forEachConflict(
            LockOwner owner,
            LockMode mode,
            long first,
            long last,
            long behind,
            Predicate<Waiter> visitor) {
        Predicate<Waiter> others = w -> w.request.owner().equals(owner) || visitor.test(w);
        return exclusive.forEach(first, last, behind, others)
                && (mode == LockMode.SHARED || shared.forEach(first, last, behind, others));
    }

    /**
     * Visits the requests behind one that conflict with it, of owners that a search of the waits
     * has not come to; its own owner must not be one of them.
     */
    void forEachLeftBehind(Waiter w, long search, Consumer<Waiter> visitor) {
        forEachLeft(w, w.order, Long.MAX_VALUE, search, visitor);
    }

    /** The same ahead of it. */
    void forEachLeftAhead(Waiter w, long search, Consumer<Waiter> visitor) {
        forEachLeft(w, Long.MIN_VALUE, w.order, search, visitor);
    }

    private void forEachLeft(
            Waiter w, long behind, long ahead, long search, Consumer<Waiter> visitor) {
        exclusive.forEachLeft(w.first(), w.last(), behind, ahead, search, visitor);
        if (w.mode() == LockMode.EXCLUSIVE) {
            shared.forEachLeft(w.first(), w.last(), behind, ahead, search, visitor);
        }
    }

    /** Visits all requests. */
    void forEach(Predicate<Waiter> visitor) {
        if (exclusive.forEach(0, LockRange.END, Long.MIN_VALUE, visitor)) {
            shared.forEach(0, LockRange.END, Long.MIN_VALUE, visitor);
        }
    }

    /** Checks the trees; for tests. */
    void check() {
        shared.check();
        exclusive.check();
    }
}
