package org.oncrpckit.lock;

/** What became of a request for a share reservation. Such requests never wait. */
public sealed interface ShareOutcome {
    /** The kinds of outcome. For exhaustive switches. */
    enum Status {
        /** See {@link Granted}. */
        GRANTED,
        /** See {@link Denied}. */
        DENIED,
        /** See {@link LimitReached}. */
        LIMIT_REACHED
    }

    /** The kind. */
    Status status();

    /** The owner has it, once more than before. */
    record Granted() implements ShareOutcome {
        @Override
        public Status status() {
            return Status.GRANTED;
        }
    }

    /**
     * Refused. Nothing has changed.
     *
     * @param conflict another owner's reservation that excludes it, the lowest by owner and mode
     */
    record Denied(HeldShare conflict) implements ShareOutcome {
        @Override
        public Status status() {
            return Status.DENIED;
        }
    }

    /**
     * Refused, because the table is full. Nothing has changed.
     *
     * @param max the value of {@link Limit#HELD}
     */
    record LimitReached(long max) implements ShareOutcome {
        @Override
        public Status status() {
            return Status.LIMIT_REACHED;
        }
    }
}
