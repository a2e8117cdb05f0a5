package org.oncrpckit.rpc;

import java.util.Objects;
import org.oncrpckit.xdr.XdrCodec;

/**
 * One remote procedure: where it lives and how its arguments and results travel. Shared by client
 * and server, so both sides of a protocol are described once.
 *
 * @param programVersion program and version
 * @param number procedure number, as unsigned bits
 * @param name for people: messages, statistics, logs
 * @param arguments codec of the arguments
 * @param results codec of the results
 * @param <A> type of the arguments
 * @param <R> type of the results
 */
public record Procedure<A, R>(
        ProgramVersion programVersion,
        int number,
        String name,
        XdrCodec<A> arguments,
        XdrCodec<R> results) {
    /** Checks that nothing is missing. */
    public Procedure {
        Objects.requireNonNull(programVersion, "programVersion");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(arguments, "arguments");
        Objects.requireNonNull(results, "results");
    }

    @Override
    public String toString() {
        return name
                + " ("
                + programVersion
                + " procedure "
                + Integer.toUnsignedString(number)
                + ")";
    }
}
