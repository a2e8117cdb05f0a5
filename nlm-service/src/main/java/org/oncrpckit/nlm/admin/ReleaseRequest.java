package org.oncrpckit.nlm.admin;

import java.util.Objects;
import org.oncrpckit.xdr.XdrEnum;

/**
 * Asks to free something.
 *
 * @param what a host, an owner, or what one owner holds of a file
 * @param filter which; exactly one host or owner must fit it
 * @param first first byte of the file, unsigned; for {@link What#LOCK}
 * @param last last byte of the file, unsigned; for {@link What#LOCK}
 * @param dryRun whether only to say what would be freed
 */
public record ReleaseRequest(What what, ListFilter filter, long first, long last, boolean dryRun) {
    /** How much to free. */
    public enum What implements XdrEnum {
        /** All that a client host has, as if it had restarted. */
        HOST(1),
        /** All that one owner has. */
        OWNER(2),
        /** What one owner holds of some bytes of one file. */
        LOCK(3);

        private final int number;

        What(int number) {
            this.number = number;
        }

        @Override
        public int number() {
            return number;
        }
    }

    /** Refuses nulls. */
    public ReleaseRequest {
        Objects.requireNonNull(what, "what");
        Objects.requireNonNull(filter, "filter");
    }
}
