package org.oncrpckit.nsm.protocol;

import java.util.Objects;

/**
 * Arguments of SM_NOTIFY ({@code struct stat_chge}): "I am this host, and my state is now this".
 *
 * @param monName how the sender believes to be known
 * @param state its state number: odd is up, even is down
 */
public record StateChange(HostName monName, int state) {
    /** Checks that nothing is missing. */
    public StateChange {
        Objects.requireNonNull(monName, "monName");
    }
}
