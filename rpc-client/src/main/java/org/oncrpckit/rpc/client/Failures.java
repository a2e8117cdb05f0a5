package org.oncrpckit.rpc.client;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Reads the failures of futures. */
public final class Failures {
    private Failures() {}

    /** What a future failed with, without the wrapping that dependents and waiters add. */
    public static Throwable causeOf(Throwable failure) {
        boolean wrapped =
                failure instanceof CompletionException || failure instanceof ExecutionException;
        Throwable cause = failure.getCause();
        return wrapped && cause != null ? cause : failure;
    }
}
