package org.oncrpckit.nlm;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.lock.Effect;
import org.oncrpckit.lock.LockTable;
import org.oncrpckit.nlm.reclaim.ReclaimJournal;
import org.oncrpckit.xdr.Opaque;

/**
 * Somebody whose owners lock: a client host, or this host itself. Its state can be reached in a
 * {@link LockDesk#turn turn} only, so no two turns of one locker overlap.
 *
 * @param <S> the state
 */
abstract class Locker<S> {
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final S state;

    /** The object of the last turn, if nothing was left of it; null inside of a turn. */
    @GuardedBy("lock")
    private @Nullable Turn idle;

    Locker(S state) {
        this.state = state;
    }

    /** Takes the end of one of its tickets: an effect that some turn, of whomever, had on it. */
    abstract void ended(Turn turn, S state, Effect effect);

    /** Under what name the reclaim journal keeps its locks; empty when it does not. */
    abstract Optional<Opaque> journalName();

    /** To be called in a turn of this locker, and not kept beyond it. */
    @SuppressWarnings("GuardedBy") // The turn has the lock.
    S state() {
        assert lock.isHeldByCurrentThread() : "outside of a turn";
        return state;
    }

    /** Begins a turn; {@link #leave} has to follow. */
    @SuppressWarnings({"GuardedBy", "LockNotBeforeTry"}) // leave() unlocks.
    Turn enter(LockDesk desk, LockTable table, ReclaimJournal journal) {
        lock.lock();
        Turn turn = idle;
        if (turn == null) {
            return new Turn(desk, this, table, journal);
        }
        idle = null;
        return turn;
    }

    /**
     * Ends a turn.
     *
     * @param over whether nothing is left of it; then whoever comes next may take it again
     */
    @SuppressWarnings("GuardedBy") // enter() has locked.
    void leave(Turn turn, boolean over) {
        if (over) {
            idle = turn;
        }
        lock.unlock();
    }
}
