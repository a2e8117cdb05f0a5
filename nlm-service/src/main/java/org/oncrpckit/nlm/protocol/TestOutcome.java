package org.oncrpckit.nlm.protocol;

import java.util.Objects;

/** What TEST found: {@code nlm4_testrply}, a union on the status. */
public sealed interface TestOutcome {
    /** The discriminant. */
    NlmStatus status();

    /**
     * A lock is in the way.
     *
     * @param holder whose
     */
    record Conflict(Holder holder) implements TestOutcome {
        /** Refuses null. */
        public Conflict {
            Objects.requireNonNull(holder, "holder");
        }

        @Override
        public NlmStatus status() {
            return NlmStatus.DENIED;
        }
    }

    /**
     * The range is free, or there is no telling.
     *
     * @param status anything but {@link NlmStatus#DENIED}, which has a holder
     */
    record Other(NlmStatus status) implements TestOutcome {
        /** Refuses {@link NlmStatus#DENIED}. */
        public Other {
            Objects.requireNonNull(status, "status");
            if (status == NlmStatus.DENIED) {
                throw new IllegalArgumentException("DENIED without a holder");
            }
        }
    }
}
