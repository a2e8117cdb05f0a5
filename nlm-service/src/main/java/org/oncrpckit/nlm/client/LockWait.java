package org.oncrpckit.nlm.client;

import java.util.concurrent.CompletableFuture;

/** A request that waits for its lock. Thread-safe. */
public interface LockWait {
    /** What is waited for. */
    NlmLock lock();

    /**
     * What became of it: Granted, GivenUp, Deadlock or Refused; or it fails with an {@link
     * NlmClientException}. Completes on an I/O, timer or calling thread: what depends on it must
     * not block. A copy each time, so completing or cancelling it has no effect on the wait.
     */
    CompletableFuture<LockAnswer> answer();

    /**
     * Stops waiting. Where this crosses the grant, the server is asked until it is known who has
     * the lock; the answer is then either Granted, and the lock is ours, or GivenUp, and it is not.
     * A request to change locks that are held already ends as Granted when the grant was first;
     * every other one gives the lock back and ends as GivenUp.
     *
     * @return as {@link #answer}
     */
    CompletableFuture<LockAnswer> cancel();
}
