package org.oncrpckit.rpc.server;

/** Where the handlers of a program run. */
public sealed interface HandlerPlacement {
    /** On the I/O thread: handlers must never block. */
    record Inline() implements HandlerPlacement {}

    /**
     * On threads of the program's own. When the queue is full, calls over UDP are dropped (the
     * client sends them again) and connections are not read until there is room.
     *
     * @param threads 1 or more
     * @param queueMax calls that may wait, 1 or more
     */
    record Workers(int threads, int queueMax) implements HandlerPlacement {
        /** Checks the bounds. */
        public Workers {
            if (threads < 1 || queueMax < 1) {
                throw new IllegalArgumentException(
                        threads + " threads, queue of " + queueMax + " (expected: 1 or more each)");
            }
        }
    }
}
