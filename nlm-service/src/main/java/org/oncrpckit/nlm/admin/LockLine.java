package org.oncrpckit.nlm.admin;

import org.oncrpckit.xdr.Opaque;

/**
 * A held lock or a waiting request, for people.
 *
 * @param file the bytes that name the file: an NFS file handle, or a local name
 * @param first first byte, unsigned
 * @param last last byte, unsigned; all ones is the end of the file
 * @param exclusive whether it excludes shared locks
 * @param owner who: client address, name, number and handle; or the local process
 * @param ageSeconds since it is held or waits
 * @param unconfirmed granted by a call-back that the client has not confirmed
 */
public record LockLine(
        Opaque file,
        long first,
        long last,
        boolean exclusive,
        String owner,
        long ageSeconds,
        boolean unconfirmed) {
    /** "EXCLUSIVE" or "SHARED". */
    public String mode() {
        return exclusive ? "EXCLUSIVE" : "SHARED";
    }

    /** As in "0-99" or "200-EOF". */
    public String range() {
        return Long.toUnsignedString(first)
                + "-"
                + (last == -1 ? "EOF" : Long.toUnsignedString(last));
    }
}
