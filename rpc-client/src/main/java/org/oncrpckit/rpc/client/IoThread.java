package org.oncrpckit.rpc.client;

/**
 * Knows whether the current thread is one that completes calls. Who waits for a call there waits
 * for itself.
 */
final class IoThread {
    private static final ThreadLocal<Boolean> INSIDE = ThreadLocal.withInitial(() -> false);

    private IoThread() {}

    /** Runs something that may complete calls. */
    static void run(Runnable completion) {
        if (INSIDE.get()) {
            completion.run();
            return;
        }
        INSIDE.set(true);
        try {
            completion.run();
        } finally {
            INSIDE.remove();
        }
    }

    static boolean isCurrent() {
        return INSIDE.get();
    }
}
