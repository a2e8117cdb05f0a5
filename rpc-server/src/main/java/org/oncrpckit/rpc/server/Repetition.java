package org.oncrpckit.rpc.server;

/** What a duplicate of a call means to the procedure that was called. */
public enum Repetition {
    /** The handler must not run twice: the reply is kept and sent again. */
    REMEMBERED,
    /** The handler may run again: NULL, queries. */
    IDEMPOTENT,
    /** The handler must not run twice, and gets no reply to keep. */
    ONE_WAY
}
