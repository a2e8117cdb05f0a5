package org.oncrpckit.nlm.admin;

import org.oncrpckit.xdr.Opaque;

/**
 * A process of this host asks for a lock.
 *
 * @param file the bytes that name the file, 1 to 1024
 * @param first first byte, unsigned
 * @param last last byte, unsigned, not before the first
 * @param exclusive whether it excludes shared locks
 * @param queued whether to queue behind a conflicting lock
 * @param label who asks, for listings
 * @param processId process that asks; what a client that tests the lock sees as the holder's number
 */
public record LocalLockRequest(
        Opaque file,
        long first,
        long last,
        boolean exclusive,
        boolean queued,
        String label,
        int processId) {
    /** Longest name of a file, in bytes. */
    public static final int FILE_BYTES_MAX = 1024;
}
