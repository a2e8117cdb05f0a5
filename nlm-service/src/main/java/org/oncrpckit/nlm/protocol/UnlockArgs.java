package org.oncrpckit.nlm.protocol;

import java.util.Objects;
import org.oncrpckit.xdr.Opaque;

/**
 * Arguments of UNLOCK ({@code nlm4_unlockargs}).
 *
 * @param cookie echoed in the reply
 * @param lock what to unlock
 */
public record UnlockArgs(Opaque cookie, WireLock lock) {
    /** Refuses nulls. */
    public UnlockArgs {
        Objects.requireNonNull(cookie, "cookie");
        Objects.requireNonNull(lock, "lock");
    }
}
