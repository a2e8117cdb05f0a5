package org.oncrpckit.rpc.server;

import org.oncrpckit.rpc.AcceptStatus;

/** What became of a message that arrived as a call. Each call ends in exactly one of these. */
public enum CallOutcome {
    /** Executed; the results were sent. */
    SUCCESS,
    /** Executed; the procedure is one-way, so nothing was sent. */
    ONE_WAY,
    /** Answered PROG_UNAVAIL. */
    PROG_UNAVAIL,
    /** Answered PROG_MISMATCH. */
    PROG_MISMATCH,
    /** Answered PROC_UNAVAIL. */
    PROC_UNAVAIL,
    /** Answered GARBAGE_ARGS. */
    GARBAGE_ARGS,
    /** The handler failed, or its results could not be encoded; answered SYSTEM_ERR. */
    SYSTEM_ERR,
    /** The handler took longer than the time limit; answered SYSTEM_ERR. */
    TIME_LIMIT,
    /** Answered RPC_MISMATCH. */
    RPC_MISMATCH,
    /** Answered AUTH_ERROR. */
    AUTH_ERROR,
    /** An authentication flavour answered a call of its own. */
    AUTH_EXCHANGE,
    /** A duplicate of a call that has ended; its reply was sent again. */
    DUPLICATE_ANSWERED,
    /** A duplicate of a call in progress, or of one that gets no reply; dropped. */
    DUPLICATE_DROPPED,
    /** Too short for a header, or not a call at all; dropped. */
    MALFORMED,
    /** An access rule or an authentication flavour wants no answer given; dropped. */
    ACCESS_DROPPED,
    /** No room in a queue or under a limit; dropped. */
    OVERLOADED,
    /** The server stops; dropped. */
    STOPPING;

    static CallOutcome of(AcceptStatus status) {
        return switch (status) {
            case SUCCESS -> SUCCESS;
            case PROG_UNAVAIL -> PROG_UNAVAIL;
            case PROG_MISMATCH -> PROG_MISMATCH;
            case PROC_UNAVAIL -> PROC_UNAVAIL;
            case GARBAGE_ARGS -> GARBAGE_ARGS;
            case SYSTEM_ERR -> SYSTEM_ERR;
        };
    }
}
