package org.oncrpckit.rpc;

import org.oncrpckit.xdr.XdrEnum;

/** What became of a call that the server accepted (RFC 5531 section 9, {@code accept_stat}). */
public enum AcceptStatus implements XdrEnum {
    /** Executed; results follow. */
    SUCCESS(0),
    /** The server does not have the program. */
    PROG_UNAVAIL(1),
    /** The server has the program, in other versions. */
    PROG_MISMATCH(2),
    /** The program does not have the procedure. */
    PROC_UNAVAIL(3),
    /** The server could not decode the arguments. */
    GARBAGE_ARGS(4),
    /** The server failed, memory exhausted for example. */
    SYSTEM_ERR(5);

    private final int number;

    AcceptStatus(int number) {
        this.number = number;
    }

    @Override
    public int number() {
        return number;
    }
}
