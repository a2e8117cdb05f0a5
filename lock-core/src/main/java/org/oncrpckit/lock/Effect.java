package org.oncrpckit.lock;

/**
 * Something that an operation did to a waiting request, the caller's own or anybody's. The table
 * calls nobody: whoever made the operation delivers its effects, in their order. Every ticket ends
 * with exactly one effect.
 */
public sealed interface Effect {
    /** What happened. For exhaustive switches. */
    enum Kind {
        /** See {@link Granted}. */
        GRANTED,
        /** See {@link Ended}. */
        ENDED
    }

    /** Why a request waits no longer without having been granted. */
    enum EndReason {
        /** {@link LockTable#cancel} named its ticket. */
        CANCELLED,
        /** Its owner was released. */
        OWNER_RELEASED,
        /** Its owner's system was released. */
        SYSTEM_RELEASED,
        /** Its file was released. */
        FILE_RELEASED
    }

    /** What happened. */
    Kind kind();

    /** The ticket, which is used up by this. */
    Ticket ticket();

    /** What had been asked for. */
    LockRequest request();

    /**
     * The request has been granted: from now on its owner holds the lock.
     *
     * @param ticket the ticket
     * @param request what is held now
     */
    record Granted(Ticket ticket, LockRequest request) implements Effect {
        @Override
        public Kind kind() {
            return Kind.GRANTED;
        }
    }

    /**
     * The request waits no longer, and was not granted.
     *
     * @param ticket the ticket
     * @param request what had been asked for
     * @param reason why
     */
    record Ended(Ticket ticket, LockRequest request, EndReason reason) implements Effect {
        @Override
        public Kind kind() {
            return Kind.ENDED;
        }
    }
}
