package org.oncrpckit.nlm.protocol;

import org.oncrpckit.xdr.XdrEnum;

/** What a lock manager answers: {@code nlm4_stats} of version 4. Versions 1 and 3 have 0 to 4. */
public enum NlmStatus implements XdrEnum {
    /** Done; for TEST: the range is free. */
    GRANTED(0),
    /** A conflicting lock is held; to GRANTED: nobody waits for this lock. */
    DENIED(1),
    /** No room for another lock, or the client cannot be monitored. */
    DENIED_NOLOCKS(2),
    /** The request is queued; a GRANTED call follows. */
    BLOCKED(3),
    /** Locks of before the server's restart are being reclaimed; ask again later. */
    DENIED_GRACE_PERIOD(4),
    /** To wait would be to wait for ever. */
    DEADLOCK(5),
    /** The file system is read-only. */
    READ_ONLY_FILE_SYSTEM(6),
    /** The file handle names no file. */
    STALE_FILE_HANDLE(7),
    /** Offset or length is beyond what a signed 64-bit offset can name. */
    FILE_TOO_BIG(8),
    /** Any other failure. */
    FAILED(9);

    private final int number;

    NlmStatus(int number) {
        this.number = number;
    }

    @Override
    public int number() {
        return number;
    }
}
