package org.oncrpckit.nlm.protocol;

import java.util.Objects;
import org.oncrpckit.xdr.Opaque;

/**
 * The reply to LOCK, CANCEL, UNLOCK and GRANTED ({@code nlm4_res}).
 *
 * @param cookie of the call
 * @param status what became of it
 */
public record StatusReply(Opaque cookie, NlmStatus status) {
    /** Refuses nulls. */
    public StatusReply {
        Objects.requireNonNull(cookie, "cookie");
        Objects.requireNonNull(status, "status");
    }
}
