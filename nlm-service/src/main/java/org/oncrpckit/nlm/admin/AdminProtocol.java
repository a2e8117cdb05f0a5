package org.oncrpckit.nlm.admin;

import static org.oncrpckit.xdr.XdrCodecs.BOOLEAN;
import static org.oncrpckit.xdr.XdrCodecs.LONG;
import static org.oncrpckit.xdr.XdrCodecs.VOID;

import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.XdrCodec;

/**
 * Procedures of the administrative program. Its number lies in the range that RFC 5531 section 8.3
 * leaves to users.
 */
final class AdminProtocol {
    static final ProgramVersion VERSION = new ProgramVersion(0x2000_4e4c, 1);

    /** Lines in one page of a listing; with the longest names they are half a mebibyte. */
    static final int PAGE_LINES_MAX = 128;

    /** Bytes of text fields. */
    static final int TEXT_BYTES_MAX = 4096;

    /** Counters in a status. */
    static final int COUNTERS_MAX = 4096;

    /** Addresses that a status or a host's line names. */
    static final int ADDRESSES_MAX = 1024;

    static final Procedure<Nothing, DaemonStatus> STATUS =
            procedure(1, "STATUS", VOID, AdminCodecs.STATUS);

    /**
     * Held locks, file by file. Cursors of this and the other listings belong to the connection.
     */
    static final Procedure<ListRequest, ListPage<LockLine>> LOCKS =
            listing(2, "LOCKS", AdminCodecs.LOCK_LINE);

    /** Waiting requests, file by file, in the order in which they queue. */
    static final Procedure<ListRequest, ListPage<LockLine>> WAITERS =
            listing(3, "WAITERS", AdminCodecs.LOCK_LINE);

    /** Share reservations, file by file. */
    static final Procedure<ListRequest, ListPage<ShareLine>> SHARES =
            listing(4, "SHARES", AdminCodecs.SHARE_LINE);

    /** Client hosts; of the filter, only the host counts. */
    static final Procedure<ListRequest, ListPage<HostLine>> HOSTS =
            listing(5, "HOSTS", AdminCodecs.HOST_LINE);

    /** Why requests wait; the filter is for the requests. */
    static final Procedure<ListRequest, ListPage<WaitLine>> GRAPH =
            listing(6, "GRAPH", AdminCodecs.WAIT_LINE);

    /** Locks a range for this connection; it is released when the connection ends. */
    static final Procedure<LocalLockRequest, LocalLockReply> LOCK =
            procedure(7, "LOCK", AdminCodecs.LOCK_REQUEST, AdminCodecs.LOCK_REPLY);

    /**
     * Waits for a request that LOCK has queued. Answers within {@link AdminSession#AWAIT_LIMIT},
     * with WAITING when there is nothing new: the caller asks again.
     */
    static final Procedure<AwaitRequest, LocalLockReply> AWAIT =
            procedure(8, "AWAIT", AdminCodecs.AWAIT_REQUEST, AdminCodecs.LOCK_REPLY);

    /** Unlocks, or takes a waiting request back. */
    static final Procedure<Long, Nothing> UNLOCK = procedure(9, "UNLOCK", LONG, VOID);

    /** Frees what somebody else has. */
    static final Procedure<ReleaseRequest, ReleaseReply> RELEASE =
            procedure(10, "RELEASE", AdminCodecs.RELEASE_REQUEST, AdminCodecs.RELEASE_REPLY);

    /** Ends the grace period; false when there is none. */
    static final Procedure<Nothing, Boolean> END_GRACE = procedure(11, "END_GRACE", VOID, BOOLEAN);

    /** Tries to reach a client, by its address. */
    static final Procedure<String, ProbeReply> PROBE =
            procedure(12, "PROBE", AdminCodecs.TEXT, AdminCodecs.PROBE_REPLY);

    private AdminProtocol() {}

    private static <T> Procedure<ListRequest, ListPage<T>> listing(
            int number, String name, XdrCodec<T> line) {
        return procedure(number, name, AdminCodecs.LIST_REQUEST, AdminCodecs.page(line));
    }

    private static <A, R> Procedure<A, R> procedure(
            int number, String name, XdrCodec<A> arguments, XdrCodec<R> results) {
        return new Procedure<>(VERSION, number, name, arguments, results);
    }
}
