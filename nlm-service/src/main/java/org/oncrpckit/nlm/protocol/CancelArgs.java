package org.oncrpckit.nlm.protocol;

import java.util.Objects;
import org.oncrpckit.xdr.Opaque;

/**
 * Arguments of CANCEL ({@code nlm4_cancargs}): the request to give up, as LOCK described it.
 *
 * @param cookie echoed in the reply
 * @param block as in the LOCK
 * @param exclusive as in the LOCK
 * @param lock as in the LOCK
 */
public record CancelArgs(Opaque cookie, boolean block, boolean exclusive, WireLock lock) {
    /** Refuses nulls. */
    public CancelArgs {
        Objects.requireNonNull(cookie, "cookie");
        Objects.requireNonNull(lock, "lock");
    }
}
