package org.oncrpckit.lock;

/** What to do with a request that cannot be granted at once. */
public enum LockPolicy {
    /**
     * Refuse it. Looks at held locks first, and may pass a waiting request a bounded number of
     * times.
     */
    TRY,
    /**
     * Queue it, behind every waiting request that it conflicts with, unless that would be a
     * deadlock.
     */
    WAIT
}
