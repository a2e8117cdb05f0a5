package org.oncrpckit.nlm.protocol;

import java.util.Objects;
import org.oncrpckit.nsm.protocol.HostName;

/**
 * Arguments of FREE_ALL ({@code nlm4_notify}).
 *
 * @param callerName what the client calls itself: a label, never an identity
 * @param state for a use that was never defined
 */
public record FreeAllArgs(HostName callerName, int state) {
    /** Refuses null. */
    public FreeAllArgs {
        Objects.requireNonNull(callerName, "callerName");
    }
}
