package org.oncrpckit.testing;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Heap memory that a piece of code takes, as the JVM counts it for the current thread. */
public final class Allocation {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {}

    /** Code to measure. */
    @FunctionalInterface
    public interface Code {
        /** Runs once. */
        void run() throws Exception;
    }

    /** Bytes taken by the second run; the first one loads classes. */
    public static long bytesOf(Code code) throws Exception {
        code.run();
        return once(code);
    }

    /** Bytes taken by each of many runs, on average. */
    public static long bytesPerRun(int runs, Code code) throws Exception {
        Code all =
                () -> {
                    for (int i = 0; i < runs; i++) {
                        code.run();
                    }
                };
        return bytesOf(all) / runs;
    }

    private static long once(Code code) throws Exception {
        long thread = Thread.currentThread().getId();
        long before = THREADS.getThreadAllocatedBytes(thread);
        code.run();
        return THREADS.getThreadAllocatedBytes(thread) - before;
    }
}
