package org.oncrpckit.lock;

/** A lock, held or waiting, that stands in a request's way. */
public sealed interface Conflict permits HeldLock, WaitingLock {
    /** The file. */
    FileId file();

    /** Who holds it or waits for it. */
    LockOwner owner();

    /** The bytes. */
    LockRange range();

    /** Shared or exclusive. */
    LockMode mode();
}
