package org.oncrpckit.nlm;

/** What became of a local request. */
public enum LocalOutcome {
    /** The owner holds the lock. */
    GRANTED,
    /** Somebody else's lock is in the way; only for requests that do not wait. */
    DENIED,
    /** To wait would be to wait for ever. */
    DEADLOCK,
    /** A limit is reached. */
    NO_LOCKS,
    /** Clients are still reclaiming; only for requests that do not wait. */
    GRACE_PERIOD,
    /** The request was cancelled, its owner released, or the service stopped. */
    CANCELLED
}
