package org.oncrpckit.nlm.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.transport.RateLimitedLog;
import org.slf4j.LoggerFactory;

/**
 * The one lock of a client. Whatever looks at its lanes, waits and held locks does so in a turn;
 * whatever sends, completes a future or calls a listener is left for afterwards, when the lock is
 * free. A turn taken by such an action is settled when that action has returned, so chains of any
 * length need no stack.
 */
final class Turns {
    private static final RateLimitedLog ACTION_FAILURES =
            new RateLimitedLog(LoggerFactory.getLogger(Turns.class));

    /** What this thread has yet to run; absent while it settles nothing. */
    private static final ThreadLocal<@Nullable Queue<Runnable>> UNSETTLED = new ThreadLocal<>();

    private final Object lock = new Object();

    /** What is to happen after a turn. Used by one thread, inside the turn. */
    static final class Turn {
        private final List<Runnable> actions = new ArrayList<>(2);

        private Turn() {}

        /** Runs an action after the turn, with no lock held; it may take turns of its own. */
        void afterwards(Runnable action) {
            actions.add(action);
        }
    }

    /** Takes a turn and brings what it returned. */
    <T> T take(Function<Turn, T> body) {
        assert !Thread.holdsLock(lock) : "a turn inside a turn";
        Turn turn = new Turn();
        T result;
        synchronized (lock) {
            result = body.apply(turn);
        }
        settle(turn.actions);
        return result;
    }

    /** Takes a turn. */
    void run(Consumer<Turn> body) {
        take(
                turn -> {
                    body.accept(turn);
                    return true;
                });
    }

    /** For assertions of what must be called in a turn. */
    boolean isTaken() {
        return Thread.holdsLock(lock);
    }

    private static void settle(List<Runnable> actions) {
        if (actions.isEmpty()) {
            return;
        }
        Queue<Runnable> outer = UNSETTLED.get();
        if (outer != null) {
            outer.addAll(actions);
            return;
        }
        Queue<Runnable> unsettled = new ArrayDeque<>(actions);
        UNSETTLED.set(unsettled);
        try {
            for (Runnable next = unsettled.poll(); next != null; next = unsettled.poll()) {
                run(next);
            }
        } finally {
            UNSETTLED.remove();
        }
    }

    private static void run(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            ACTION_FAILURES.warn("an action after a turn failed", e);
        }
    }
}
