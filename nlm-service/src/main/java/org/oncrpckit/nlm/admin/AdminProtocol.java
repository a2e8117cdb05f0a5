package org.oncrpckit.nlm.admin;

import static org.oncrpckit.xdr.XdrCodecs.BOOLEAN;
import static org.oncrpckit.xdr.XdrCodecs.INT;
import static org.oncrpckit.xdr.XdrCodecs.LONG;
import static org.oncrpckit.xdr.XdrCodecs.VOID;
import static org.oncrpckit.xdr.XdrCodecs.array;
import static org.oncrpckit.xdr.XdrCodecs.enumeration;
import static org.oncrpckit.xdr.XdrCodecs.opaque;
import static org.oncrpckit.xdr.XdrCodecs.string;

import org.oncrpckit.nlm.admin.DaemonStatus.Counts;
import org.oncrpckit.nlm.admin.DaemonStatus.Recovery;
import org.oncrpckit.nlm.admin.DaemonStatus.Service;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.XdrCodec;
import org.oncrpckit.xdr.XdrRecords;

/**
 * Procedures of the administrative program. Its number lies in the range that RFC 5531 section 8.4
 * leaves to users.
 */
final class AdminProtocol {
    static final ProgramVersion VERSION = new ProgramVersion(0x2000_4e4c, 1);

    /** Lines in one page of a listing. */
    static final int PAGE_LINES_MAX = 256;

    /** Bytes of text fields. */
    static final int TEXT_BYTES_MAX = 4096;

    /** Addresses that a status names. */
    static final int ADDRESSES_MAX = 1024;

    private static final XdrCodec<String> TEXT = string(TEXT_BYTES_MAX);

    private static final XdrCodec<Counts> COUNTS =
            XdrRecords.of(
                    LONG, Counts::locks, LONG, Counts::waiters, LONG, Counts::hosts, Counts::new);

    private static final XdrCodec<Recovery> RECOVERY =
            XdrRecords.of(
                    INT,
                    Recovery::nsmState,
                    LONG,
                    Recovery::graceSecondsLeft,
                    LONG,
                    Recovery::hostsToNotify,
                    Recovery::new);

    private static final XdrCodec<Service> SERVICE =
            XdrRecords.of(
                    array(TEXT, ADDRESSES_MAX),
                    Service::addresses,
                    INT,
                    Service::nlmPort,
                    INT,
                    Service::nsmPort,
                    TEXT,
                    Service::rpcbind,
                    Service::new);

    private static final XdrCodec<DaemonStatus> STATUS_RESULT =
            XdrRecords.of(
                    LONG,
                    DaemonStatus::uptimeSeconds,
                    COUNTS,
                    DaemonStatus::counts,
                    RECOVERY,
                    DaemonStatus::recovery,
                    SERVICE,
                    DaemonStatus::service,
                    DaemonStatus::new);

    private static final XdrCodec<LockLine> LINE =
            XdrRecords.of(
                    opaque(LocalLockRequest.FILE_BYTES_MAX),
                    LockLine::file,
                    LONG,
                    LockLine::first,
                    LONG,
                    LockLine::last,
                    BOOLEAN,
                    LockLine::exclusive,
                    TEXT,
                    LockLine::owner,
                    LONG,
                    LockLine::ageSeconds,
                    BOOLEAN,
                    LockLine::unconfirmed,
                    LockLine::new);

    private static final XdrCodec<ListRequest> LIST_ARGUMENTS =
            XdrRecords.of(
                    enumeration(ListRequest.Kind.class),
                    ListRequest::kind,
                    LONG,
                    ListRequest::cursor,
                    ListRequest::new);

    private static final XdrCodec<ListPage> LIST_RESULT =
            XdrRecords.of(
                    array(LINE, PAGE_LINES_MAX),
                    ListPage::lines,
                    LONG,
                    ListPage::cursor,
                    ListPage::new);

    private static final XdrCodec<LocalLockRequest> LOCK_ARGUMENTS =
            XdrRecords.of(
                    opaque(LocalLockRequest.FILE_BYTES_MAX),
                    LocalLockRequest::file,
                    LONG,
                    LocalLockRequest::first,
                    LONG,
                    LocalLockRequest::last,
                    BOOLEAN,
                    LocalLockRequest::exclusive,
                    BOOLEAN,
                    LocalLockRequest::queued,
                    TEXT,
                    LocalLockRequest::label,
                    INT,
                    LocalLockRequest::processId,
                    LocalLockRequest::new);

    private static final XdrCodec<LocalLockReply> LOCK_RESULT =
            XdrRecords.of(
                    enumeration(LocalLockReply.Outcome.class),
                    LocalLockReply::outcome,
                    LONG,
                    LocalLockReply::token,
                    TEXT,
                    LocalLockReply::detail,
                    LocalLockReply::new);

    static final Procedure<Nothing, DaemonStatus> STATUS =
            procedure(1, "STATUS", VOID, STATUS_RESULT);

    /** One page of held locks or waiting requests; cursors belong to the connection. */
    static final Procedure<ListRequest, ListPage> LIST =
            procedure(2, "LIST", LIST_ARGUMENTS, LIST_RESULT);

    /** Locks a range for this connection; it is released when the connection ends. */
    static final Procedure<LocalLockRequest, LocalLockReply> LOCK =
            procedure(3, "LOCK", LOCK_ARGUMENTS, LOCK_RESULT);

    /**
     * Waits for a request that LOCK has queued. Answers within {@link AdminSession#AWAIT_LIMIT},
     * with WAITING when there is nothing new: the caller asks again.
     */
    static final Procedure<Long, LocalLockReply> AWAIT = procedure(4, "AWAIT", LONG, LOCK_RESULT);

    /** Unlocks, or takes a waiting request back. */
    static final Procedure<Long, Nothing> UNLOCK = procedure(5, "UNLOCK", LONG, VOID);

    private AdminProtocol() {}

    private static <A, R> Procedure<A, R> procedure(
            int number, String name, XdrCodec<A> arguments, XdrCodec<R> results) {
        return new Procedure<>(VERSION, number, name, arguments, results);
    }
}
