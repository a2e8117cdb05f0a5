package org.oncrpckit.nlm.protocol;

import java.util.Objects;
import org.oncrpckit.xdr.Opaque;

/**
 * Who holds a lock that is in the way ({@code nlm4_holder}).
 *
 * @param exclusive exclusive or shared
 * @param svid the owner's number, as unsigned bits
 * @param ownerHandle the owner in its own client's words
 * @param offset first byte, as unsigned bits
 * @param length number of bytes, as unsigned bits; 0 for all up to the end of the file
 */
public record Holder(boolean exclusive, int svid, Opaque ownerHandle, long offset, long length) {
    /** Refuses nulls. */
    public Holder {
        Objects.requireNonNull(ownerHandle, "ownerHandle");
    }
}
