package org.oncrpckit.nlm.admin;

import java.util.List;
import org.oncrpckit.xdr.XdrEnum;

/**
 * What was freed, or would be.
 *
 * @param outcome whether anything was
 * @param detail for people: why not
 * @param locks the locks; at most {@link AdminProtocol#PAGE_LINES_MAX} of them
 * @param use how much there was in all
 */
public record ReleaseReply(Outcome outcome, String detail, List<LockLine> locks, HostLine.Use use) {
    /** What came of it. */
    public enum Outcome implements XdrEnum {
        /** Freed, or would be. */
        RELEASED(1),
        /** Nothing fits. */
        NOTHING(2),
        /** Several hosts or owners fit, and nothing was freed. */
        AMBIGUOUS(3);

        private final int number;

        Outcome(int number) {
            this.number = number;
        }

        @Override
        public int number() {
            return number;
        }
    }

    /** Takes a copy of the list. */
    public ReleaseReply {
        locks = List.copyOf(locks);
    }

    static ReleaseReply nothing(Outcome outcome, String detail) {
        return new ReleaseReply(outcome, detail, List.of(), new HostLine.Use(0, 0, 0, 0, 0));
    }
}
