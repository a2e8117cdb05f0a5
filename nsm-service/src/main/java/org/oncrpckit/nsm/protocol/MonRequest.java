package org.oncrpckit.nsm.protocol;

import java.util.Objects;
import org.oncrpckit.xdr.Opaque;

/**
 * Arguments of SM_MON ({@code struct mon}).
 *
 * @param id which host, and who wants to know
 * @param priv 16 bytes that the call-back brings back
 */
public record MonRequest(MonId id, Opaque priv) {
    /** Checks the length. */
    public MonRequest {
        Objects.requireNonNull(id, "id");
        CallBack.requirePriv(priv);
    }

    /** What to call when the host changes state. */
    public CallBack callBack() {
        MyId caller = id.caller();
        return new CallBack(caller.program(), caller.version(), caller.procedure(), priv);
    }
}
