package org.oncrpckit.nlm.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Blocking on futures that fail with an {@link NlmClientException}. */
final class Blocking {
    private Blocking() {}

    static <T> T on(CompletableFuture<T> future) throws NlmClientException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof NlmClientException failure) {
                throw failure;
            }
            throw new IllegalStateException("a request ended unexpectedly", e.getCause());
        }
    }
}
