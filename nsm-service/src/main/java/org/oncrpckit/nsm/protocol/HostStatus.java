package org.oncrpckit.nsm.protocol;

import java.util.Objects;
import org.oncrpckit.xdr.Opaque;

/**
 * Arguments of the call-back that a monitor makes to a service on its own host ({@code struct
 * status}).
 *
 * @param monName the host that changed state, as SM_MON named it
 * @param state its state number
 * @param priv the 16 bytes that SM_MON left
 */
public record HostStatus(HostName monName, int state, Opaque priv) {
    /** Checks the length. */
    public HostStatus {
        Objects.requireNonNull(monName, "monName");
        CallBack.requirePriv(priv);
    }
}
