package org.oncrpckit.lock;

import java.util.Objects;

/**
 * A request that waits.
 *
 * @param ticket its name
 * @param request what it wants
 */
public record WaitingLock(Ticket ticket, LockRequest request) implements Conflict {
    /** Refuses nulls. */
    public WaitingLock {
        Objects.requireNonNull(ticket, "ticket");
        Objects.requireNonNull(request, "request");
    }

    @Override
    public FileId file() {
        return request.file();
    }

    @Override
    public LockOwner owner() {
        return request.owner();
    }

    @Override
    public LockRange range() {
        return request.range();
    }

    @Override
    public LockMode mode() {
        return request.mode();
    }
}
