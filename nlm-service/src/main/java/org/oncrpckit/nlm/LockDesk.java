package org.oncrpckit.nlm;

import com.google.errorprone.annotations.MustBeClosed;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.lock.Effect;
import org.oncrpckit.lock.LockTable;
import org.oncrpckit.nlm.reclaim.ReclaimJournal;
import org.oncrpckit.rpc.transport.RateLimitedLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where everybody who locks comes, one turn at a time: the one place in which the lock table is
 * changed and the effects of each change are brought to those whom they concern.
 *
 * <p>A turn runs under its locker's lock and may use the table. When it is over the lock is given
 * back, the journal of what was done is written, the turn's actions run, and its effects are
 * delivered in their order, each in a turn of the locker that it concerns. So no thread ever holds
 * two lockers' locks, and nothing that sends or calls out runs under one. A turn that is taken
 * inside an action is settled when that action has returned, so chains of grants of any length need
 * no stack. Thread-safe.
 */
final class LockDesk {
    private static final Logger LOG = LoggerFactory.getLogger(LockDesk.class);
    private static final RateLimitedLog UNCLAIMED = new RateLimitedLog(LOG);
    private static final RateLimitedLog ACTION_FAILURES = new RateLimitedLog(LOG);

    /** Turns that this thread has taken and not settled; absent while it settles none. */
    private static final ThreadLocal<@Nullable Queue<Runnable>> UNSETTLED = new ThreadLocal<>();

    private final LockTable table;
    private final ReclaimJournal journal;
    private final ConcurrentMap<Long, Locker<?>> lockers = new ConcurrentHashMap<>();

    LockDesk(LockTable table, ReclaimJournal journal) {
        this.table = table;
        this.journal = journal;
    }

    /** The table, to be read; only turns change it. */
    LockTable table() {
        return table;
    }

    /** Brings the effects on the owners of this host number to a locker, from now on. */
    void admit(long host, Locker<?> locker) {
        lockers.put(host, locker);
    }

    /** Forgets a locker; nothing of its owners may be left in the table. */
    void dismiss(long host) {
        lockers.remove(host);
    }

    /**
     * Takes a turn, to be closed by this thread: that brings its effects to those whom they
     * concern. What is done until then runs under the locker's lock, so it must not wait, call out,
     * or take another turn.
     */
    @MustBeClosed
    Turn turn(Locker<?> locker) {
        return begin(locker);
    }

    /** Looks at a locker's state. */
    <S, T> T read(Locker<S> locker, Function<S, T> body) {
        Turn turn = begin(locker);
        try {
            return body.apply(locker.state());
        } finally {
            turn.close();
        }
    }

    /** Changes of a locker's state what the lock table is not concerned with. */
    <S> void change(Locker<S> locker, Consumer<S> body) {
        Turn turn = begin(locker);
        try {
            body.accept(locker.state());
        } finally {
            turn.close();
        }
    }

    private Turn begin(Locker<?> locker) {
        assert !Turn.isInside() : "a turn inside a turn";
        Turn turn = locker.enter(this, table, journal);
        turn.begin();
        return turn;
    }

    /** Does what an ended turn has left, now or after what this thread is settling. */
    void settle(Turn turn) {
        if (turn.isSettled()) {
            return;
        }
        Queue<Runnable> outer = UNSETTLED.get();
        if (outer != null) {
            outer.add(() -> finish(turn));
            return;
        }
        Queue<Runnable> unsettled = new ArrayDeque<>(1);
        UNSETTLED.set(unsettled);
        try {
            finish(turn);
            for (Runnable next = unsettled.poll(); next != null; next = unsettled.poll()) {
                next.run();
            }
        } finally {
            UNSETTLED.remove();
        }
    }

    private void finish(Turn turn) {
        runActions(turn);
        turn.effects().forEach(this::deliver);
    }

    private void deliver(Effect effect) {
        Locker<?> locker = lockers.get(effect.request().owner().system().host());
        if (locker == null) {
            UNCLAIMED.error("nobody to tell that {} ended: {}", effect.ticket(), effect);
            return;
        }
        deliver(locker, effect);
    }

    private <S> void deliver(Locker<S> locker, Effect effect) {
        Turn turn = begin(locker);
        boolean more;
        try {
            turn.delivered(effect);
            locker.ended(turn, locker.state(), effect);
        } finally {
            more = turn.end();
        }
        if (more) {
            runActions(turn);
            settle(turn); // Its own effects come after those that are being delivered.
        }
    }

    private static void runActions(Turn turn) {
        for (Runnable each : turn.takeActions()) {
            assert !Turn.isInside() : "an action inside a turn";
            try {
                each.run();
            } catch (RuntimeException e) {
                ACTION_FAILURES.warn(
                        "an action after a turn failed; the lock table is not concerned", e);
            }
        }
    }
}
