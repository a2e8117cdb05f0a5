package org.oncrpckit.lock;

import java.util.Objects;

/**
 * A lock that is held. One owner's locks on one file never overlap, and two of one mode never
 * touch: they are one.
 *
 * @param file in which file
 * @param owner by whom
 * @param range which bytes
 * @param mode shared or exclusive
 */
public record HeldLock(FileId file, LockOwner owner, LockRange range, LockMode mode)
        implements Conflict {
    /** Refuses nulls. */
    public HeldLock {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(range, "range");
        Objects.requireNonNull(mode, "mode");
    }
}
