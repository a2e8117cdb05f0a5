package org.oncrpckit.nlm;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import org.oncrpckit.lock.Effect;
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

    Locker(S state) {
        this.state = state;
    }

    /** Takes the end of one of its tickets: an effect that some turn, of whomever, had on it. */
    abstract void ended(Turn turn, S state, Effect effect);

    /** Under what name the reclaim journal keeps its locks; empty when it does not. */
    abstract Optional<Opaque> journalName();

    <T> T withState(Turn turn, BiFunction<Turn, S, T> body) {
        lock.lock();
        try {
            return body.apply(turn, state);
        } finally {
            lock.unlock();
        }
    }
}
