package org.oncrpckit.rpc.server;

import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.transport.Timers;

/**
 * What a call takes from others when it outlives its I/O thread's visit: it counts against the
 * limits, its connection is kept for its reply and, for want of room, not read, and its time limit
 * runs. Most calls have ended before and have none.
 */
final class Deferral {
    private final ServedCall<?> call;
    private final int argumentBytes;
    private final boolean hold;
    private volatile Timers.@Nullable Timer timeLimit;

    /**
     * Takes nothing yet.
     *
     * @param argumentBytes length of the arguments
     * @param hold whether the connection is not read until the end
     */
    Deferral(ServedCall<?> call, int argumentBytes, boolean hold) {
        this.call = call;
        this.argumentBytes = argumentBytes;
        this.hold = hold;
    }

    /** Takes its share. Should the call end meanwhile, {@link #end} may give it back before. */
    void begin() {
        ServedEndpoint origin = call.origin();
        origin.parts().loads().defer(call.host(), argumentBytes);
        origin.beginAnswer();
        if (hold) {
            origin.hold();
        }
    }

    /** Gives everything back. */
    void end() {
        stopTimeLimit();
        ServedEndpoint origin = call.origin();
        origin.parts().loads().endDeferred(call.host(), argumentBytes);
        origin.endAnswer();
        if (hold) {
            origin.release();
        }
    }

    /** The call ends with SYSTEM_ERR if nothing else ends it in time. */
    void startTimeLimit() {
        Timers.Timer timer =
                call.origin().parts().timers().schedule(call.program().timeLimit(), call::timeUp);
        timeLimit = timer;
        if (call.hasEnded()) {
            timer.cancel();
        }
    }

    /** Nothing is expected of the handler at the moment. */
    void stopTimeLimit() {
        Timers.Timer timer = timeLimit;
        if (timer != null) {
            timer.cancel();
        }
    }
}
