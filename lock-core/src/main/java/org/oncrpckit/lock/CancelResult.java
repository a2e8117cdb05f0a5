package org.oncrpckit.lock;

import java.util.List;
import java.util.Objects;

/**
 * What became of a cancellation.
 *
 * @param status whether the ticket still waited
 * @param effects the ticket's own end, then the grants that it made possible; deliver them
 */
public record CancelResult(Status status, List<Effect> effects) {
    /** Whether the ticket still waited. */
    public enum Status {
        /** It waited, and does no more. */
        CANCELLED,
        /**
         * It did not wait: granted before, ended before, or never given out. Look at what is held.
         */
        NOT_WAITING
    }

    /** Copies the list. */
    public CancelResult {
        Objects.requireNonNull(status, "status");
        effects = List.copyOf(effects);
    }
}
