package org.oncrpckit.nlm;

import java.time.Instant;
import java.util.Objects;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.ShareMode;

/**
 * A share reservation.
 *
 * @param file the file; with the opaque resolver its bytes are the file handle
 * @param owner whose
 * @param key the owner's name in the lock table: what {@link ReleaseByHand} takes
 * @param mode what the owner does, and what it denies to others
 * @param count how often the owner has taken it
 * @param since from when on its owner has had something on this file, as far as is known
 */
public record ListedShare(
        FileId file, OwnerLabel owner, LockOwner key, ShareMode mode, long count, Instant since) {
    /** Refuses nulls. */
    public ListedShare {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(since, "since");
    }
}
