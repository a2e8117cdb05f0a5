package org.oncrpckit.nlm.admin;

import static org.oncrpckit.xdr.XdrCodecs.BOOLEAN;
import static org.oncrpckit.xdr.XdrCodecs.INT;
import static org.oncrpckit.xdr.XdrCodecs.LONG;
import static org.oncrpckit.xdr.XdrCodecs.array;
import static org.oncrpckit.xdr.XdrCodecs.enumeration;
import static org.oncrpckit.xdr.XdrCodecs.opaque;
import static org.oncrpckit.xdr.XdrCodecs.string;

import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.nlm.admin.DaemonStatus.Counter;
import org.oncrpckit.nlm.admin.DaemonStatus.Counts;
import org.oncrpckit.nlm.admin.DaemonStatus.Recovery;
import org.oncrpckit.nlm.admin.DaemonStatus.Service;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrCodec;
import org.oncrpckit.xdr.XdrRecords;

/** Values of the administrative program as they travel. */
final class AdminCodecs {
    static final XdrCodec<String> TEXT = string(AdminProtocol.TEXT_BYTES_MAX);

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
                    array(TEXT, AdminProtocol.ADDRESSES_MAX),
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

    static final XdrCodec<DaemonStatus> STATUS =
            XdrRecords.of(
                    LONG,
                    DaemonStatus::uptimeSeconds,
                    COUNTS,
                    DaemonStatus::counts,
                    RECOVERY,
                    DaemonStatus::recovery,
                    SERVICE,
                    DaemonStatus::service,
                    array(COUNTER, AdminProtocol.COUNTERS_MAX),
                    DaemonStatus::counters,
                    DaemonStatus::new);

    private static final XdrCodec<OwnerLine> OWNER_LINE =
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

    static final XdrCodec<LockLine> LOCK_LINE =
            XdrRecords.of(
                    FILE,
                    LockLine::file,
                    LONG,
                    LockLine::first,
                    LONG,
                    LockLine::last,
                    BOOLEAN,
                    LockLine::exclusive,
                    OWNER_LINE,
                    LockLine::who,
                    LONG,
                    LockLine::ageSeconds,
                    BOOLEAN,
                    LockLine::unconfirmed,
                    LockLine::new);

    static final XdrCodec<ShareLine> SHARE_LINE =
            XdrRecords.of(
                    FILE,
                    ShareLine::file,
                    TEXT,
                    ShareLine::access,
                    TEXT,
                    ShareLine::deny,
                    OWNER_LINE,
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

    static final XdrCodec<HostLine> HOST_LINE =
            XdrRecords.of(
                    TEXT,
                    HostLine::host,
                    array(TEXT, AdminProtocol.ADDRESSES_MAX),
                    HostLine::aliases,
                    TEXT,
                    HostLine::name,
                    INT,
                    HostLine::nsmState,
                    BOOLEAN,
                    HostLine::monitored,
                    array(TEXT, AdminProtocol.ADDRESSES_MAX),
                    HostLine::ways,
                    USE,
                    HostLine::use,
                    LONG,
                    HostLine::idleSeconds,
                    HostLine::new);

    static final XdrCodec<WaitLine> WAIT_LINE =
            XdrRecords.of(
                    LOCK_LINE,
                    WaitLine::waiter,
                    OWNER_LINE,
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

    static final XdrCodec<ListRequest> LIST_REQUEST =
            XdrRecords.of(FILTER, ListRequest::filter, LONG, ListRequest::cursor, ListRequest::new);

    static final XdrCodec<ReleaseRequest> RELEASE_REQUEST =
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

    static final XdrCodec<ReleaseReply> RELEASE_REPLY =
            XdrRecords.of(
                    enumeration(ReleaseReply.Outcome.class),
                    ReleaseReply::outcome,
                    TEXT,
                    ReleaseReply::detail,
                    array(LOCK_LINE, AdminProtocol.PAGE_LINES_MAX),
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

    static final XdrCodec<ProbeReply> PROBE_REPLY =
            XdrRecords.of(
                    BOOLEAN,
                    ProbeReply::reachable,
                    TEXT,
                    ProbeReply::verdict,
                    array(PROBE_STEP, AdminProtocol.PAGE_LINES_MAX),
                    ProbeReply::steps,
                    ProbeReply::new);

    static final XdrCodec<LocalLockRequest> LOCK_REQUEST =
            XdrRecords.of(
                    FILE,
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

    static final XdrCodec<AwaitRequest> AWAIT_REQUEST =
            XdrRecords.of(LONG, AwaitRequest::token, LONG, AwaitRequest::millis, AwaitRequest::new);

    static final XdrCodec<LocalLockReply> LOCK_REPLY =
            XdrRecords.of(
                    enumeration(LocalLockReply.Outcome.class),
                    LocalLockReply::outcome,
                    LONG,
                    LocalLockReply::token,
                    TEXT,
                    LocalLockReply::detail,
                    LocalLockReply::new);

    private AdminCodecs() {}

    /** One page of a listing of such lines. */
    static <T> XdrCodec<ListPage<T>> page(XdrCodec<T> line) {
        return XdrRecords.of(
                array(line, AdminProtocol.PAGE_LINES_MAX),
                ListPage::lines,
                LONG,
                ListPage::cursor,
                ListPage::new);
    }
}
