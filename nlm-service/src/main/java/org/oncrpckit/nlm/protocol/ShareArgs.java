package org.oncrpckit.nlm.protocol;

import java.util.Objects;
import org.oncrpckit.lock.ShareMode;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.xdr.Opaque;

/**
 * Arguments of SHARE and UNSHARE ({@code nlm4_shareargs}). A share has no svid: its owner is the
 * owner handle of a host.
 *
 * @param cookie echoed in the reply
 * @param callerName what the client calls itself: a label, never an identity
 * @param fileHandle the NFS file handle
 * @param ownerHandle the owner in the client's own words
 * @param mode what the owner does, and what it denies to others
 * @param reclaim whether the client had it before the server's restart; nothing in UNSHARE
 */
public record ShareArgs(
        Opaque cookie,
        HostName callerName,
        Opaque fileHandle,
        Opaque ownerHandle,
        ShareMode mode,
        boolean reclaim) {
    /** Refuses nulls. */
    public ShareArgs {
        Objects.requireNonNull(cookie, "cookie");
        Objects.requireNonNull(callerName, "callerName");
        Objects.requireNonNull(fileHandle, "fileHandle");
        Objects.requireNonNull(ownerHandle, "ownerHandle");
        Objects.requireNonNull(mode, "mode");
    }
}
