package org.oncrpckit.nlm.client;

import java.util.Objects;
import org.oncrpckit.nlm.protocol.Holder;
import org.oncrpckit.nlm.protocol.NlmStatus;

/** What became of a request, where the server has answered. */
public sealed interface LockAnswer {
    /** The lock is held. */
    record Granted() implements LockAnswer {}

    /** Somebody else has a conflicting lock, and the request was not to wait. */
    record Denied() implements LockAnswer {}

    /**
     * The request was cancelled, or its time was up. The server has nothing of it: neither a
     * waiting request nor a lock that was not held before.
     */
    record GivenUp() implements LockAnswer {}

    /** To wait would be to wait for ever. */
    record Deadlock() implements LockAnswer {}

    /**
     * The server will not have it.
     *
     * @param status why: no locks, stale file handle, read-only file system, range too far, failed;
     *     grace period when it outlasted the time limit; denied, to a request that was to wait, in
     *     versions 1 and 3: they have no word for a deadlock
     */
    record Refused(NlmStatus status) implements LockAnswer {
        /** Refuses null. */
        public Refused {
            Objects.requireNonNull(status, "status");
        }
    }

    /** What {@link NlmClient#test} found. */
    sealed interface Test {
        /** Nothing is in the way. */
        record Free() implements Test {}

        /**
         * A lock is in the way.
         *
         * @param holder whose. Servers differ in how much of it is true: Linux names its own
         *     process and inverts the mode
         */
        record Conflict(Holder holder) implements Test {
            /** Refuses null. */
            public Conflict {
                Objects.requireNonNull(holder, "holder");
            }
        }

        /**
         * The server does not say.
         *
         * @param status why
         */
        record Refused(NlmStatus status) implements Test {
            /** Refuses null. */
            public Refused {
                Objects.requireNonNull(status, "status");
            }
        }
    }
}
