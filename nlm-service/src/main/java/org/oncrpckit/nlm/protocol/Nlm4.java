package org.oncrpckit.nlm.protocol;

import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrCodec;
import org.oncrpckit.xdr.XdrCodecs;
import org.oncrpckit.xdr.XdrRecords;
import org.oncrpckit.xdr.XdrUnion;

/**
 * Version 4, which goes with NFS version 3: offsets and lengths of 64 bits.
 *
 * <pre>
 * nlm4_lock:  caller_name | fh | oh | svid (32) | l_offset (64) | l_len (64)
 * LOCK:       cookie | block | exclusive | nlm4_lock | reclaim | state (32)
 * CANCEL:     cookie | block | exclusive | nlm4_lock
 * TEST:       cookie | exclusive | nlm4_lock         (GRANTED has the same)
 * UNLOCK:     cookie | nlm4_lock
 * reply:      cookie | status
 * TEST reply: cookie | status | if DENIED: exclusive | svid | oh | l_offset | l_len
 * </pre>
 *
 * <p>Names, handles and cookies are a length and up to 1024 bytes, padded to four.
 */
public final class Nlm4 {
    /** Program and version. */
    public static final ProgramVersion VERSION = new ProgramVersion(Nlm.PROGRAM, 4);

    private static final XdrCodec<Opaque> NETOBJ = XdrCodecs.opaque(Nlm.NETOBJ_BYTES_MAX);

    private static final XdrCodec<HostName> CALLER_NAME =
            XdrRecords.of(
                    XdrCodecs.opaque(Nlm.CALLER_NAME_BYTES_MAX), HostName::bytes, HostName::new);

    private static final XdrCodec<NlmStatus> STATUS = XdrCodecs.enumeration(NlmStatus.class);

    private static final XdrCodec<WireLock> LOCK_DESCRIPTION =
            XdrRecords.of(
                    CALLER_NAME,
                    WireLock::callerName,
                    NETOBJ,
                    WireLock::fileHandle,
                    NETOBJ,
                    WireLock::ownerHandle,
                    XdrCodecs.INT,
                    WireLock::svid,
                    XdrCodecs.UNSIGNED_LONG,
                    WireLock::offset,
                    XdrCodecs.UNSIGNED_LONG,
                    WireLock::length,
                    WireLock::new);

    private static final XdrCodec<LockArgs> LOCK_ARGS =
            XdrRecords.of(
                    NETOBJ,
                    LockArgs::cookie,
                    XdrCodecs.BOOLEAN,
                    LockArgs::block,
                    XdrCodecs.BOOLEAN,
                    LockArgs::exclusive,
                    LOCK_DESCRIPTION,
                    LockArgs::lock,
                    XdrCodecs.BOOLEAN,
                    LockArgs::reclaim,
                    XdrCodecs.INT,
                    LockArgs::state,
                    LockArgs::new);

    private static final XdrCodec<CancelArgs> CANCEL_ARGS =
            XdrRecords.of(
                    NETOBJ,
                    CancelArgs::cookie,
                    XdrCodecs.BOOLEAN,
                    CancelArgs::block,
                    XdrCodecs.BOOLEAN,
                    CancelArgs::exclusive,
                    LOCK_DESCRIPTION,
                    CancelArgs::lock,
                    CancelArgs::new);

    private static final XdrCodec<TestArgs> TEST_ARGS =
            XdrRecords.of(
                    NETOBJ,
                    TestArgs::cookie,
                    XdrCodecs.BOOLEAN,
                    TestArgs::exclusive,
                    LOCK_DESCRIPTION,
                    TestArgs::lock,
                    TestArgs::new);

    private static final XdrCodec<UnlockArgs> UNLOCK_ARGS =
            XdrRecords.of(
                    NETOBJ,
                    UnlockArgs::cookie,
                    LOCK_DESCRIPTION,
                    UnlockArgs::lock,
                    UnlockArgs::new);

    private static final XdrCodec<StatusReply> STATUS_REPLY =
            XdrRecords.of(
                    NETOBJ, StatusReply::cookie, STATUS, StatusReply::status, StatusReply::new);

    private static final XdrCodec<Holder> HOLDER =
            XdrRecords.of(
                    XdrCodecs.BOOLEAN,
                    Holder::exclusive,
                    XdrCodecs.INT,
                    Holder::svid,
                    NETOBJ,
                    Holder::ownerHandle,
                    XdrCodecs.UNSIGNED_LONG,
                    Holder::offset,
                    XdrCodecs.UNSIGNED_LONG,
                    Holder::length,
                    Holder::new);

    private static final XdrCodec<TestOutcome> TEST_OUTCOME =
            XdrUnion.<NlmStatus, TestOutcome>on(STATUS, TestOutcome::status)
                    .arm(
                            NlmStatus.DENIED,
                            TestOutcome.Conflict.class,
                            XdrRecords.of(
                                    HOLDER,
                                    TestOutcome.Conflict::holder,
                                    TestOutcome.Conflict::new))
                    .otherwise(TestOutcome.Other::new)
                    .build();

    private static final XdrCodec<TestReply> TEST_REPLY =
            XdrRecords.of(
                    NETOBJ, TestReply::cookie, TEST_OUTCOME, TestReply::outcome, TestReply::new);

    /** Does nothing. */
    public static final Procedure<Nothing, Nothing> NULL =
            new Procedure<>(VERSION, 0, "NULL", XdrCodecs.VOID, XdrCodecs.VOID);

    /** Asks who is in the way. */
    public static final Procedure<TestArgs, TestReply> TEST =
            new Procedure<>(VERSION, 1, "TEST", TEST_ARGS, TEST_REPLY);

    /** Takes a lock, or queues for it. */
    public static final Procedure<LockArgs, StatusReply> LOCK =
            new Procedure<>(VERSION, 2, "LOCK", LOCK_ARGS, STATUS_REPLY);

    /** Leaves the queue. */
    public static final Procedure<CancelArgs, StatusReply> CANCEL =
            new Procedure<>(VERSION, 3, "CANCEL", CANCEL_ARGS, STATUS_REPLY);

    /** Gives a lock back. */
    public static final Procedure<UnlockArgs, StatusReply> UNLOCK =
            new Procedure<>(VERSION, 4, "UNLOCK", UNLOCK_ARGS, STATUS_REPLY);

    /** Server to client: what you waited for is yours. The reply says whether it is taken. */
    public static final Procedure<TestArgs, StatusReply> GRANTED =
            new Procedure<>(VERSION, 5, "GRANTED", TEST_ARGS, STATUS_REPLY);

    /** As {@link #GRANTED}; the answer is a call of {@link #GRANTED_RES}. */
    public static final Procedure<TestArgs, Nothing> GRANTED_MSG =
            new Procedure<>(VERSION, 10, "GRANTED_MSG", TEST_ARGS, XdrCodecs.VOID);

    /** Client to server: the answer to {@link #GRANTED_MSG}. */
    public static final Procedure<StatusReply, Nothing> GRANTED_RES =
            new Procedure<>(VERSION, 15, "GRANTED_RES", STATUS_REPLY, XdrCodecs.VOID);

    /** As {@link #LOCK}, for clients that no status monitor watches. */
    public static final Procedure<LockArgs, StatusReply> NM_LOCK =
            new Procedure<>(VERSION, 22, "NM_LOCK", LOCK_ARGS, STATUS_REPLY);

    private Nlm4() {}
}
