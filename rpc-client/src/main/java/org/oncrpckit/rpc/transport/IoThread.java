package org.oncrpckit.rpc.transport;

/**
 * Knows whether the current thread is giving messages to their receivers, or completing calls. Who
 * waits for an answer there may wait for itself.
 */
public final class IoThread {
    /** One flag a thread, kept: setting it costs a look-up and no memory. */
    private static final ThreadLocal<boolean[]> INSIDE =
            ThreadLocal.withInitial(() -> new boolean[1]);

    private IoThread() {}

    /** Runs what receives messages or completes calls. */
    public static void run(Runnable work) {
        boolean[] inside = flag();
        boolean before = inside[0];
        inside[0] = true;
        try {
            work.run();
        } finally {
            inside[0] = before;
        }
    }

    /** This thread's flag, for what is done as {@link #run} does it. */
    static boolean[] flag() {
        return INSIDE.get();
    }

    /** Whether this thread is inside {@link #run}. */
    public static boolean isCurrent() {
        return INSIDE.get()[0];
    }
}
