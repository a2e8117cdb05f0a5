package org.oncrpckit.lock;

import java.util.Objects;

/**
 * What somebody wants to lock.
 *
 * @param file in which file
 * @param owner for whom
 * @param range which bytes
 * @param mode shared or exclusive
 */
public record LockRequest(FileId file, LockOwner owner, LockRange range, LockMode mode) {
    /** Refuses nulls. */
    public LockRequest {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(range, "range");
        Objects.requireNonNull(mode, "mode");
    }
}
