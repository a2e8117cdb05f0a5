package org.oncrpckit.rpc.server;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A program while a server serves it: the table and the threads that run its handlers.
 *
 * @param program the table
 * @param workers null when handlers run on the I/O threads
 * @param timeLimit for calls that leave the I/O thread
 */
record HostedProgram(RpcProgram program, @Nullable WorkerPool workers, Duration timeLimit) {
    static HostedProgram of(RpcProgram program, ServerLimits limits) {
        WorkerPool workers =
                program.placement() instanceof HandlerPlacement.Workers wanted
                        ? new WorkerPool(program.name(), wanted)
                        : null;
        return new HostedProgram(
                program, workers, program.timeLimit().orElse(limits.handlerTimeLimit()));
    }

    /** No further calls; those that wait and those that run come to their end. */
    void retire() {
        if (workers != null) {
            workers.retire();
        }
    }

    /** No further calls; those that wait are forgotten, those that run are interrupted. */
    void stop() {
        if (workers != null) {
            workers.stop();
        }
    }
}
