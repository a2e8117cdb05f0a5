package org.oncrpckit.rpc.server;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Counts the calls that have begun and not ended. All of them, so that a server knows when it has
 * drained; and those that have left their I/O thread, in all and by host, for the limits. Takes no
 * lock.
 */
final class CallsInProgress {
    private final int max;
    private final int perHostMax;
    private final AtomicInteger all = new AtomicInteger();
    private final AtomicInteger deferred = new AtomicInteger();
    private final ConcurrentHashMap<Object, Integer> byHost = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable Runnable> drained = new AtomicReference<>();

    CallsInProgress(int max, int perHostMax) {
        this.max = max;
        this.perHostMax = perHostMax;
    }

    void begin() {
        all.incrementAndGet();
    }

    void end() {
        if (all.decrementAndGet() == 0) {
            runDrained();
        }
    }

    /** Whether a host may defer one more call. A hint: others may be faster. */
    boolean hasRoom(Object host) {
        return deferred.get() < max && byHost.getOrDefault(host, 0) < perHostMax;
    }

    void defer(Object host) {
        deferred.incrementAndGet();
        byHost.merge(host, 1, Integer::sum);
    }

    void endDeferred(Object host) {
        byHost.computeIfPresent(host, (same, count) -> count == 1 ? null : count - 1);
        deferred.decrementAndGet();
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
