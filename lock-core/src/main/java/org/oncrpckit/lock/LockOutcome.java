package org.oncrpckit.lock;

import java.util.List;

/** What became of a request to lock. */
public sealed interface LockOutcome {
    /** The kinds of outcome. For exhaustive switches. */
    enum Status {
        /** See {@link Granted}. */
        GRANTED,
        /** See {@link Denied}. */
        DENIED,
        /** See {@link Waiting}. */
        WAITING,
        /** See {@link Deadlock}. */
        DEADLOCK,
        /** See {@link LimitReached}. */
        LIMIT_REACHED
    }

    /** The kind. */
    Status status();

    /** The owner holds the lock now. */
    record Granted() implements LockOutcome {
        @Override
        public Status status() {
            return Status.GRANTED;
        }
    }

    /**
     * Refused; {@link LockPolicy#TRY} only. Nothing has changed.
     *
     * @param conflict the conflicting held lock with the lowest start, or else the first waiting
     *     request in the queue that it would have had to pass but may not
     */
    record Denied(Conflict conflict) implements LockOutcome {
        @Override
        public Status status() {
            return Status.DENIED;
        }
    }

    /**
     * Queued; {@link LockPolicy#WAIT} only.
     *
     * @param ticket the name by which an {@link Effect} will tell its end, and by which it can be
     *     cancelled
     */
    record Waiting(Ticket ticket) implements LockOutcome {
        @Override
        public Status status() {
            return Status.WAITING;
        }
    }

    /**
     * Refused, because it would wait for ever; {@link LockPolicy#WAIT} only. Nothing has changed.
     *
     * @param cycle who would wait for whom: the request's owner first, each for a lock that the
     *     next one holds, the last for the first
     */
    record Deadlock(List<LockOwner> cycle) implements LockOutcome {
        /** Copies the list. */
        public Deadlock {
            cycle = List.copyOf(cycle);
        }

        @Override
        public Status status() {
            return Status.DEADLOCK;
        }
    }

    /**
     * Refused, because the table is full. Nothing has changed.
     *
     * @param limit the limit that is reached
     * @param max its value
     */
    record LimitReached(Limit limit, long max) implements LockOutcome {
        @Override
        public Status status() {
            return Status.LIMIT_REACHED;
        }
    }
}
