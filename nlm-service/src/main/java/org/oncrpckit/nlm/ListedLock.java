package org.oncrpckit.nlm;

import java.time.Instant;
import java.util.Objects;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.LockRange;

/**
 * A lock that is held.
 *
 * @param file the file; with the opaque resolver its bytes are the file handle
 * @param owner whose
 * @param key the owner's name in the lock table: what {@link ReleaseByHand} takes
 * @param range which bytes
 * @param mode shared or exclusive
 * @param since from when on its owner has had something on this file without a break, as far as is
 *     known
 * @param unconfirmed whether the client was told that it has the lock and then answered in a way
 *     that leaves open whether it believes so. Such a lock stays until the client unlocks it, asks
 *     for it again or restarts, or somebody releases it by hand
 */
public record ListedLock(
        FileId file,
        OwnerLabel owner,
        LockOwner key,
        LockRange range,
        LockMode mode,
        Instant since,
        boolean unconfirmed) {
    /** Refuses nulls. */
    public ListedLock {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(range, "range");
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(since, "since");
    }
}
