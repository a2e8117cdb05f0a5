package org.oncrpckit.nlm.admin;

import static org.oncrpckit.xdr.XdrCodecs.BOOLEAN;
import static org.oncrpckit.xdr.XdrCodecs.INT;
import static org.oncrpckit.xdr.XdrCodecs.LONG;
import static org.oncrpckit.xdr.XdrCodecs.VOID;
import static org.oncrpckit.xdr.XdrCodecs.array;
import static org.oncrpckit.xdr.XdrCodecs.enumeration;
import static org.oncrpckit.xdr.XdrCodecs.opaque;
import static org.oncrpckit.xdr.XdrCodecs.string;

import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.nlm.admin.DaemonStatus.Counter;
import org.oncrpckit.nlm.admin.DaemonStatus.Counts;
import org.oncrpckit.nlm.admin.DaemonStatus.Recovery;
import org.oncrpckit.nlm.admin.DaemonStatus.Service;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrCodec;
import org.oncrpckit.xdr.XdrRecords;

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

    private static final XdrCodec<String> TEXT = string(TEXT_BYTES_MAX);

    private static final XdrCodec<Opaque> FILE = opaque(LocalLockRequest.FILE_BYTES_MAX);

    private static final XdrCodec<Counts> COUNTS =
            XdrRecords.of(
                    LONG,
                    Counts::locks,
                    LONG,
                    Counts::waiters,
                    LONG,
                    Counts::shares,
                    LONG,
                    Counts::hosts,
                    LONG,
                    Counts::unacknowledged,
                    LONG,
                    Counts::unconfirmed,
                    Counts::new);

    private static final XdrCodec<Recovery> RECOVERY =
            XdrRecords.of(
                    INT,
                    Recovery::nsmState,
                    LONG,
                    Recovery::graceSecondsLeft,
                    LONG,
                    Recovery::hostsToNotify,
                    TEXT,
                    Recovery::reclaims,
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

    private static final XdrCodec<Counter> COUNTER =
            XdrRecords.of(TEXT, Counter::name, LONG, Counter::value, Counter::new);

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
                    array(COUNTER, COUNTERS_MAX),
                    DaemonStatus::counters,
                    DaemonStatus::new);

    private static final XdrCodec<OwnerLine> OWNER =
            XdrRecords.of(
                    TEXT,
                    OwnerLine::host,
                    TEXT,
                    OwnerLine::name,
                    TEXT,
                    OwnerLine::id,
                    LONG,
                    OwnerLine::number,
                    opaque(LockOwner.HANDLE_BYTES_MAX),
                    OwnerLine::handle,
                    TEXT,
                    OwnerLine::way,
                    OwnerLine::new);

    private static final XdrCodec<LockLine> LINE =
            XdrRecords.of(
                    FILE,
                    LockLine::file,
                    LONG,
                    LockLine::first,
                    LONG,
                    LockLine::last,
                    BOOLEAN,
                    LockLine::exclusive,
                    OWNER,
                    LockLine::who,
                    LONG,
                    LockLine::ageSeconds,
                    BOOLEAN,
                    LockLine::unconfirmed,
                    LockLine::new);

    private static final XdrCodec<ShareLine> SHARE_LINE =
            XdrRecords.of(
                    FILE,
                    ShareLine::file,
                    TEXT,
                    ShareLine::access,
                    TEXT,
                    ShareLine::deny,
                    OWNER,
                    ShareLine::who,
                    LONG,
                    ShareLine::count,
                    LONG,
                    ShareLine::ageSeconds,
                    ShareLine::new);

    private static final XdrCodec<HostLine.Use> USE =
            XdrRecords.of(
                    LONG,
                    HostLine.Use::locks,
                    LONG,
                    HostLine.Use::waiters,
                    LONG,
                    HostLine.Use::shares,
                    LONG,
                    HostLine.Use::unacknowledged,
                    LONG,
                    HostLine.Use::unconfirmed,
                    HostLine.Use::new);

    private static final XdrCodec<HostLine> HOST_LINE =
            XdrRecords.of(
                    TEXT,
                    HostLine::host,
                    array(TEXT, ADDRESSES_MAX),
                    HostLine::aliases,
                    TEXT,
                    HostLine::name,
                    INT,
                    HostLine::nsmState,
                    BOOLEAN,
                    HostLine::monitored,
                    array(TEXT, ADDRESSES_MAX),
                    HostLine::ways,
                    USE,
                    HostLine::use,
                    LONG,
                    HostLine::idleSeconds,
                    HostLine::new);

    private static final XdrCodec<WaitLine> WAIT_LINE =
            XdrRecords.of(
                    LINE,
                    WaitLine::waiter,
                    OWNER,
                    WaitLine::blocker,
                    LONG,
                    WaitLine::first,
                    LONG,
                    WaitLine::last,
                    BOOLEAN,
                    WaitLine::exclusive,
                    BOOLEAN,
                    WaitLine::held,
                    WaitLine::new);

    private static final XdrCodec<ListFilter> FILTER =
            XdrRecords.of(
                    TEXT,
                    ListFilter::host,
                    FILE,
                    ListFilter::file,
                    TEXT,
                    ListFilter::owner,
                    LONG,
                    ListFilter::olderThanSeconds,
                    ListFilter::new);

    private static final XdrCodec<ListRequest> LIST_ARGUMENTS =
            XdrRecords.of(FILTER, ListRequest::filter, LONG, ListRequest::cursor, ListRequest::new);

    private static final XdrCodec<ReleaseRequest> RELEASE_ARGUMENTS =
            XdrRecords.of(
                    enumeration(ReleaseRequest.What.class),
                    ReleaseRequest::what,
                    FILTER,
                    ReleaseRequest::filter,
                    LONG,
                    ReleaseRequest::first,
                    LONG,
                    ReleaseRequest::last,
                    BOOLEAN,
                    ReleaseRequest::dryRun,
                    ReleaseRequest::new);

    private static final XdrCodec<ReleaseReply> RELEASE_RESULT =
            XdrRecords.of(
                    enumeration(ReleaseReply.Outcome.class),
                    ReleaseReply::outcome,
                    TEXT,
                    ReleaseReply::detail,
                    array(LINE, PAGE_LINES_MAX),
                    ReleaseReply::locks,
                    USE,
                    ReleaseReply::use,
                    ReleaseReply::new);

    private static final XdrCodec<ProbeReply.Step> PROBE_STEP =
            XdrRecords.of(
                    TEXT,
                    ProbeReply.Step::transport,
                    enumeration(ProbeReply.Target.class),
                    ProbeReply.Step::target,
                    INT,
                    ProbeReply.Step::version,
                    TEXT,
                    ProbeReply.Step::address,
                    enumeration(ProbeReply.Outcome.class),
                    ProbeReply.Step::outcome,
                    LONG,
                    ProbeReply.Step::millis,
                    TEXT,
                    ProbeReply.Step::detail,
                    ProbeReply.Step::new);

    private static final XdrCodec<ProbeReply> PROBE_RESULT =
            XdrRecords.of(
                    BOOLEAN,
                    ProbeReply::reachable,
                    TEXT,
                    ProbeReply::verdict,
                    array(PROBE_STEP, PAGE_LINES_MAX),
                    ProbeReply::steps,
                    ProbeReply::new);

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

    private static final XdrCodec<AwaitRequest> AWAIT_ARGUMENTS =
            XdrRecords.of(LONG, AwaitRequest::token, LONG, AwaitRequest::millis, AwaitRequest::new);

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

    /**
     * Held locks, file by file. Cursors of this and the other listings belong to the connection.
     */
    static final Procedure<ListRequest, ListPage<LockLine>> LOCKS = listing(2, "LOCKS", LINE);

    /** Waiting requests, file by file, in the order in which they queue. */
    static final Procedure<ListRequest, ListPage<LockLine>> WAITERS = listing(3, "WAITERS", LINE);

    /** Share reservations, file by file. */
    static final Procedure<ListRequest, ListPage<ShareLine>> SHARES =
            listing(4, "SHARES", SHARE_LINE);

    /** Client hosts; of the filter, only the host counts. */
    static final Procedure<ListRequest, ListPage<HostLine>> HOSTS = listing(5, "HOSTS", HOST_LINE);

    /** Why requests wait; the filter is for the requests. */
    static final Procedure<ListRequest, ListPage<WaitLine>> GRAPH = listing(6, "GRAPH", WAIT_LINE);

    /** Locks a range for this connection; it is released when the connection ends. */
    static final Procedure<LocalLockRequest, LocalLockReply> LOCK =
            procedure(7, "LOCK", LOCK_ARGUMENTS, LOCK_RESULT);

    /**
     * Waits for a request that LOCK has queued. Answers within {@link AdminSession#AWAIT_LIMIT},
     * with WAITING when there is nothing new: the caller asks again.
     */
    static final Procedure<AwaitRequest, LocalLockReply> AWAIT =
            procedure(8, "AWAIT", AWAIT_ARGUMENTS, LOCK_RESULT);

    /** Unlocks, or takes a waiting request back. */
    static final Procedure<Long, Nothing> UNLOCK = procedure(9, "UNLOCK", LONG, VOID);

    /** Frees what somebody else has. */
    static final Procedure<ReleaseRequest, ReleaseReply> RELEASE =
            procedure(10, "RELEASE", RELEASE_ARGUMENTS, RELEASE_RESULT);

    /** Ends the grace period; false when there is none. */
    static final Procedure<Nothing, Boolean> END_GRACE = procedure(11, "END_GRACE", VOID, BOOLEAN);

    /** Tries to reach a client, by its address. */
    static final Procedure<String, ProbeReply> PROBE = procedure(12, "PROBE", TEXT, PROBE_RESULT);

    private AdminProtocol() {}

    private static <T> Procedure<ListRequest, ListPage<T>> listing(
            int number, String name, XdrCodec<T> line) {
        return procedure(
                number,
                name,
                LIST_ARGUMENTS,
                XdrRecords.of(
                        array(line, PAGE_LINES_MAX),
                        ListPage::lines,
                        LONG,
                        ListPage::cursor,
                        ListPage::new));
    }

    private static <A, R> Procedure<A, R> procedure(
            int number, String name, XdrCodec<A> arguments, XdrCodec<R> results) {
        return new Procedure<>(VERSION, number, name, arguments, results);
    }
}
