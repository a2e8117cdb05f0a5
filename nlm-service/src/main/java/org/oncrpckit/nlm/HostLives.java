package org.oncrpckit.nlm;

import java.time.Duration;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.rpc.transport.Timers;

/**
 * Tells a host's lives apart by the status monitor numbers that it sends. A number counts upwards
 * with each restart, so a higher one is a new life. A lower one is a message that was long on its
 * way, if the present life has just begun; otherwise a host that has lost its count, as containers
 * do, and then it is a new life too.
 */
final class HostLives {
    /** How long after a restart messages of the life before may still arrive. */
    static final Duration STRAGGLING = Duration.ofMinutes(2);

    /** What the number in a LOCK says. */
    enum Verdict {
        /** The present life, as far as anybody can tell. */
        SAME,
        /** A new one. */
        NEW,
        /** One that has ended. */
        OLD
    }

    private HostLives() {}

    /** Whether a restart notice with this number begins a new life. */
    static boolean begins(HostState state, int number, Timers timers) {
        return state.nsmState == 0 || compare(state, number, timers) == Verdict.NEW;
    }

    /**
     * What the number in a LOCK says. 0, as in every reclaim by Linux, says nothing; so does a
     * number under another name than the one that the known number came with, for there may be
     * several hosts behind one address. The first number is believed.
     */
    static Verdict judge(HostState state, int number, HostName callerName, Timers timers) {
        if (number == 0) {
            return Verdict.SAME;
        }
        if (state.nsmState == 0) {
            state.nsmState = number;
            state.nsmStateSaidBy = callerName;
            return Verdict.SAME;
        }
        return callerName.equals(state.nsmStateSaidBy) || callerName.sameHost(state.nsmStateSaidBy)
                ? compare(state, number, timers)
                : Verdict.SAME;
    }

    private static Verdict compare(HostState state, int number, Timers timers) {
        if (number == state.nsmState) {
            return Verdict.SAME;
        }
        boolean higher = number - state.nsmState > 0;
        boolean straggler = timers.nanoTime() - state.lifeBeganNanos < STRAGGLING.toNanos();
        return !higher && straggler ? Verdict.OLD : Verdict.NEW;
    }
}
