package org.oncrpckit.lock;

import java.util.List;
import java.util.Objects;

/**
 * What became of a request, and what it did to others.
 *
 * @param outcome the request's own outcome
 * @param effects what happened to requests that were waiting, in order; deliver them
 */
public record LockResult(LockOutcome outcome, List<Effect> effects) {
    /** Copies the list. */
    public LockResult {
        Objects.requireNonNull(outcome, "outcome");
        effects = List.copyOf(effects);
    }
}
