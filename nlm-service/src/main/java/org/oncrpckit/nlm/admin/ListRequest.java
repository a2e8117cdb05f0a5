package org.oncrpckit.nlm.admin;

import org.oncrpckit.xdr.XdrEnum;

/**
 * Asks for a page of a listing.
 *
 * @param kind what to list
 * @param cursor 0 for the first page, then what the page before said
 */
record ListRequest(Kind kind, long cursor) {
    /** What can be listed. */
    enum Kind implements XdrEnum {
        HELD(1),
        WAITING(2);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        @Override
        public int number() {
            return number;
        }
    }
}
