package org.oncrpckit.nlm.client;

import java.util.Objects;
import org.oncrpckit.nlm.protocol.Nlm;
import org.oncrpckit.xdr.Opaque;

/**
 * Who locks, as servers see it: locks of one owner never conflict with each other. Some servers
 * tell owners of one host apart by the number alone (Linux), so two owners should not share one.
 * {@link NlmClient#newOwner} makes owners that nobody else on this host has.
 *
 * @param svid the number, as unsigned bits
 * @param handle the owner handle, at most {@link Nlm#NETOBJ_BYTES_MAX} bytes
 */
public record NlmOwner(int svid, Opaque handle) {
    /** Checks the length. */
    public NlmOwner {
        Objects.requireNonNull(handle, "handle");
        if (handle.length() > Nlm.NETOBJ_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "owner handle of %d bytes (limit %d)"
                            .formatted(handle.length(), Nlm.NETOBJ_BYTES_MAX));
        }
    }
}
