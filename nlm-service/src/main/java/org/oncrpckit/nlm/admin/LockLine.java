package org.oncrpckit.nlm.admin;

import org.oncrpckit.xdr.Opaque;

/**
 * A held lock or a waiting request, for people and programs.
 *
 * @param file the bytes that name the file: an NFS file handle, or a local name
 * @param first first byte, unsigned
 * @param last last byte, unsigned; all ones is the end of the file
 * @param exclusive whether it excludes shared locks
 * @param who whose
 * @param ageSeconds since it is held or waits
 * @param unconfirmed granted by a call-back that the client has not confirmed
 */
public record LockLine(
        Opaque file,
        long first,
        long last,
        boolean exclusive,
        OwnerLine who,
        long ageSeconds,
        boolean unconfirmed) {
    /** Who: client address, name and number; or the local process. */
    public String owner() {
        return who.toString();
    }

    /** "EXCLUSIVE" or "SHARED". */
    public String mode() {
        return mode(exclusive);
    }

    /** As in "0-99" or "200-EOF". */
    public String range() {
        return RangeText.of(first, last);
    }

    static String mode(boolean exclusive) {
        return exclusive ? "EXCLUSIVE" : "SHARED";
    }
}
