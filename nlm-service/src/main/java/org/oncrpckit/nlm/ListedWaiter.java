package org.oncrpckit.nlm;

import java.time.Instant;
import java.util.Objects;
import org.oncrpckit.lock.FileId;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.Ticket;

/**
 * A request that waits.
 *
 * @param ticket its name
 * @param file the file; with the opaque resolver its bytes are the file handle
 * @param owner whose
 * @param key the owner's name in the lock table: what {@link ReleaseByHand} takes
 * @param range which bytes
 * @param mode shared or exclusive
 * @param since when it began to wait
 */
public record ListedWaiter(
        Ticket ticket,
        FileId file,
        OwnerLabel owner,
        LockOwner key,
        LockRange range,
        LockMode mode,
        Instant since) {
    /** Refuses nulls. */
    public ListedWaiter {
        Objects.requireNonNull(ticket, "ticket");
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(range, "range");
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(since, "since");
    }
}
