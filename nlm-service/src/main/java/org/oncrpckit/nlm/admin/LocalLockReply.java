package org.oncrpckit.nlm.admin;

import org.oncrpckit.xdr.XdrEnum;

/**
 * What became of a local request.
 *
 * @param outcome the outcome
 * @param token names the lock or the waiting request in later calls of the same connection
 * @param detail for people: who holds the conflicting lock, the cycle of a deadlock
 */
public record LocalLockReply(Outcome outcome, long token, String detail) {
    /** The outcomes. */
    public enum Outcome implements XdrEnum {
        /** The lock is held. */
        GRANTED(1),
        /** A conflicting lock is held and the request was not to wait. */
        DENIED(2),
        /** The request is in the queue. */
        WAITING(3),
        /** Waiting would close a cycle of owners that wait for each other. */
        DEADLOCK(4),
        /** The request has ended without a grant: cancelled, or a limit was reached. */
        ENDED(5);

        private final int number;

        Outcome(int number) {
            this.number = number;
        }

        @Override
        public int number() {
            return number;
        }
    }
}
