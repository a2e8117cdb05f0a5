package org.oncrpckit.nlm.protocol;

import java.util.Objects;
import org.oncrpckit.xdr.Opaque;

/**
 * Arguments of LOCK and NM_LOCK ({@code nlm4_lockargs}).
 *
 * @param cookie echoed in the reply, whatever its length
 * @param block whether to wait when the lock cannot be granted at once
 * @param exclusive exclusive or shared
 * @param lock what to lock
 * @param reclaim whether the client held it before the server's restart
 * @param state the client's status monitor number, as unsigned bits; 0 when it does not say
 */
public record LockArgs(
        Opaque cookie,
        boolean block,
        boolean exclusive,
        WireLock lock,
        boolean reclaim,
        int state) {
    /** Refuses nulls. */
    public LockArgs {
        Objects.requireNonNull(cookie, "cookie");
        Objects.requireNonNull(lock, "lock");
    }
}
