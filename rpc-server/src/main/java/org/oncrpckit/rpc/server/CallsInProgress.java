package org.oncrpckit.rpc.server;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Counts the calls that have begun and not ended, so that a server knows when it has drained. Takes
 * no lock.
 */
final class CallsInProgress {
    private final AtomicInteger all = new AtomicInteger();
    private final AtomicReference<@Nullable Runnable> drained = new AtomicReference<>();

    void begin() {
        all.incrementAndGet();
    }

    void end() {
        if (all.decrementAndGet() == 0) {
            runDrained();
        }
    }

    int count() {
        return all.get();
    }

    /** Runs an action once, when no call is in progress; on the thread that ends the last one. */
    void whenNone(Runnable action) {
        drained.set(action);
        if (all.get() == 0) {
            runDrained();
        }
    }

    private void runDrained() {
        if (drained.get() == null) {
            return;
        }
        Runnable action = drained.getAndSet(null);
        if (action != null) {
            action.run();
        }
    }
}
