package org.oncrpckit.lock;

import java.util.Objects;

/**
 * A share reservation.
 *
 * @param file on which file
 * @param owner whose
 * @param mode access and denial
 * @param count how often the owner has taken it, at least 1
 */
public record HeldShare(FileId file, LockOwner owner, ShareMode mode, long count) {
    /** Refuses nulls. */
    public HeldShare {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(mode, "mode");
    }
}
