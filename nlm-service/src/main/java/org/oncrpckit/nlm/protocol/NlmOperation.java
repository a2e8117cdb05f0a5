package org.oncrpckit.nlm.protocol;

import java.util.Objects;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.xdr.Nothing;

/**
 * One operation in the shapes in which it travels. Whoever gets a {@code message} answers with a
 * {@code result}: a call in the other direction, which carries what the reply to {@code call} would
 * have been.
 *
 * @param call the ordinary procedure
 * @param message the {@code _MSG} procedure: the same arguments, no results
 * @param result the {@code _RES} procedure: the results as arguments
 * @param <A> type of the arguments
 * @param <R> type of the results
 */
public record NlmOperation<A, R>(
        Procedure<A, R> call, Procedure<A, Nothing> message, Procedure<R, Nothing> result) {
    /** Refuses nulls. */
    public NlmOperation {
        Objects.requireNonNull(call, "call");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(result, "result");
    }

    /** For people: the name of the ordinary procedure. */
    public String name() {
        return call.name();
    }
}
