package org.oncrpckit.nlm.client;

import java.net.InetAddress;

/**
 * Hears what happens to locks that are held. Called on I/O and timer threads, never under a lock:
 * it must be thread-safe and must not block.
 */
public interface LockListener {
    /** Hears nothing. */
    LockListener NONE = new LockListener() {};

    /** The server has restarted, and has confirmed that this lock is still ours. */
    default void reclaimed(NlmLock lock) {}

    /**
     * The server has restarted and its grace period was over; the lock was taken anew. Others may
     * have had it in between.
     */
    default void regained(NlmLock lock) {}

    /**
     * The server has restarted and the lock is gone. Where a grace period is the reason, the lock
     * is tried to be regained first, for up to five minutes.
     *
     * @param why for people
     */
    default void lost(NlmLock lock, String why) {}

    /**
     * A server cannot be watched, so a restart of it will not be noticed. Locks are taken all the
     * same, and it is tried again from time to time; that is not told unless it succeeds and fails
     * once more.
     *
     * @param why for people
     */
    default void notMonitored(InetAddress server, String why) {}
}
