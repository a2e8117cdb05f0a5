package org.oncrpckit.nsm.protocol;

import java.util.Objects;

/**
 * Arguments of SM_UNMON ({@code struct mon_id}).
 *
 * @param monName the monitored host
 * @param caller the service that monitors it
 */
public record MonId(HostName monName, MyId caller) {
    /** Checks that nothing is missing. */
    public MonId {
        Objects.requireNonNull(monName, "monName");
        Objects.requireNonNull(caller, "caller");
    }
}
