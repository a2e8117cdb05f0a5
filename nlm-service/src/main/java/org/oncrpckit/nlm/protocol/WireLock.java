package org.oncrpckit.nlm.protocol;

import java.util.Objects;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.xdr.Opaque;

/**
 * A lock as a client describes it ({@code nlm4_lock}), kept byte for byte: a GRANTED call must
 * carry the client's own values, not ours.
 *
 * @param callerName what the client calls itself: a label, never an identity
 * @param fileHandle the NFS file handle, at most {@link Nlm#NETOBJ_BYTES_MAX} bytes
 * @param ownerHandle the owner in the client's own words, at most {@link Nlm#NETOBJ_BYTES_MAX}
 *     bytes
 * @param svid the owner's number on the client, as unsigned bits
 * @param offset first byte, as unsigned bits
 * @param length number of bytes, as unsigned bits; 0 for all up to the end of the file
 */
public record WireLock(
        HostName callerName,
        Opaque fileHandle,
        Opaque ownerHandle,
        int svid,
        long offset,
        long length) {
    /** Refuses nulls. */
    public WireLock {
        Objects.requireNonNull(callerName, "callerName");
        Objects.requireNonNull(fileHandle, "fileHandle");
        Objects.requireNonNull(ownerHandle, "ownerHandle");
    }

    /** Whether it names every byte of the file, as the unlocking at each close does. */
    public boolean isWholeFile() {
        return offset == 0 && length == 0;
    }
}
