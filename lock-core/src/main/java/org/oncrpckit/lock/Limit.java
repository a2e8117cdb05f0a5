package org.oncrpckit.lock;

/** The limits of a table's size. */
public enum Limit {
    /** Held locks and share reservations together; see {@link LockTable.Builder#heldMax}. */
    HELD,
    /** Waiting requests; see {@link LockTable.Builder#waitingMax}. */
    WAITING
}
