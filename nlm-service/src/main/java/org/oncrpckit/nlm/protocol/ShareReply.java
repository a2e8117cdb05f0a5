package org.oncrpckit.nlm.protocol;

import java.util.Objects;
import org.oncrpckit.xdr.Opaque;

/**
 * The reply to SHARE and UNSHARE ({@code nlm4_shareres}).
 *
 * @param cookie of the call
 * @param status what became of it
 * @param sequence for a use that was never defined; 0
 */
public record ShareReply(Opaque cookie, NlmStatus status, int sequence) {
    /** Refuses nulls. */
    public ShareReply {
        Objects.requireNonNull(cookie, "cookie");
        Objects.requireNonNull(status, "status");
    }
}
