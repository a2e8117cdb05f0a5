package org.oncrpckit.nlm.protocol;

import java.util.function.UnaryOperator;
import org.oncrpckit.lock.Share;
import org.oncrpckit.lock.ShareMode;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrCodec;
import org.oncrpckit.xdr.XdrCodecs;
import org.oncrpckit.xdr.XdrRecords;
import org.oncrpckit.xdr.XdrUnion;

/**
 * How the values travel: with offsets and lengths of 32 bits and five statuses (versions 1 and 3),
 * or of 64 bits and ten (version 4).
 *
 * <pre>
 * nlm_lock:    caller_name | fh | oh | svid (32) | l_offset | l_len
 * LOCK:        cookie | block | exclusive | nlm_lock | reclaim | state (32)
 * CANCEL:      cookie | block | exclusive | nlm_lock
 * TEST:        cookie | exclusive | nlm_lock         (GRANTED has the same)
 * UNLOCK:      cookie | nlm_lock
 * reply:       cookie | status
 * TEST reply:  cookie | status | if DENIED: exclusive | svid | oh | l_offset | l_len
 * SHARE:       cookie | caller_name | fh | oh | deny (32) | access (32) | reclaim
 * SHARE reply: cookie | status | sequence (32)
 * FREE_ALL:    caller_name | state (32)
 * </pre>
 *
 * <p>Names, handles and cookies are a length and up to 1024 bytes, padded to four.
 */
final class NlmCodecs {
    private static final XdrCodec<Opaque> NETOBJ = XdrCodecs.opaque(Nlm.NETOBJ_BYTES_MAX);

    private static final XdrCodec<HostName> CALLER_NAME =
            XdrRecords.of(
                    XdrCodecs.opaque(Nlm.CALLER_NAME_BYTES_MAX), HostName::bytes, HostName::new);

    /** All ten, in every version: a peer that leaks those of version 4 is understood. */
    private static final XdrCodec<NlmStatus> STATUS = XdrCodecs.enumeration(NlmStatus.class);

    private static final XdrCodec<Share> SHARE_BITS =
            XdrCodecs.INT.map(NlmCodecs::shareOf, Share::ordinal);

    private static final XdrCodec<ShareArgs> SHARE_ARGS =
            XdrRecords.of(
                    NETOBJ,
                    ShareArgs::cookie,
                    CALLER_NAME,
                    ShareArgs::callerName,
                    NETOBJ,
                    ShareArgs::fileHandle,
                    NETOBJ,
                    ShareArgs::ownerHandle,
                    XdrRecords.of(
                            SHARE_BITS,
                            ShareMode::deny,
                            SHARE_BITS,
                            ShareMode::access,
                            (deny, access) -> new ShareMode(access, deny)),
                    ShareArgs::mode,
                    XdrCodecs.BOOLEAN,
                    ShareArgs::reclaim,
                    ShareArgs::new);

    private static final XdrCodec<FreeAllArgs> FREE_ALL_ARGS =
            XdrRecords.of(
                    CALLER_NAME,
                    FreeAllArgs::callerName,
                    XdrCodecs.INT,
                    FreeAllArgs::state,
                    FreeAllArgs::new);

    private final XdrCodec<LockArgs> lockArgs;
    private final XdrCodec<CancelArgs> cancelArgs;
    private final XdrCodec<TestArgs> testArgs;
    private final XdrCodec<UnlockArgs> unlockArgs;
    private final XdrCodec<StatusReply> statusReply;
    private final XdrCodec<TestReply> testReply;
    private final XdrCodec<ShareReply> shareReply;

    private NlmCodecs(
            XdrCodec<WireLock> lock,
            XdrCodec<Long> offset,
            UnaryOperator<NlmStatus> toStatus,
            UnaryOperator<TestOutcome> toOutcome,
            UnaryOperator<Holder> toHolder) {
        XdrCodec<NlmStatus> status = STATUS.map(UnaryOperator.identity(), toStatus);
        lockArgs = new LockArgsCodec(NETOBJ, lock);
        cancelArgs =
                XdrRecords.of(
                        NETOBJ,
                        CancelArgs::cookie,
                        XdrCodecs.BOOLEAN,
                        CancelArgs::block,
                        XdrCodecs.BOOLEAN,
                        CancelArgs::exclusive,
                        lock,
                        CancelArgs::lock,
                        CancelArgs::new);
        testArgs =
                XdrRecords.of(
                        NETOBJ,
                        TestArgs::cookie,
                        XdrCodecs.BOOLEAN,
                        TestArgs::exclusive,
                        lock,
                        TestArgs::lock,
                        TestArgs::new);
        unlockArgs =
                XdrRecords.of(NETOBJ, UnlockArgs::cookie, lock, UnlockArgs::lock, UnlockArgs::new);
        statusReply =
                XdrRecords.of(
                        NETOBJ, StatusReply::cookie, status, StatusReply::status, StatusReply::new);
        testReply = testReply(holder(offset).map(UnaryOperator.identity(), toHolder), toOutcome);
        shareReply =
                XdrRecords.of(
                        NETOBJ,
                        ShareReply::cookie,
                        status,
                        ShareReply::status,
                        XdrCodecs.INT,
                        ShareReply::sequence,
                        ShareReply::new);
    }

    /** Of versions 1 and 3. */
    static NlmCodecs narrow() {
        return new NlmCodecs(
                new WireLockCodec(false),
                XdrCodecs.UNSIGNED_INT,
                NarrowValues::status,
                NarrowValues::outcome,
                NarrowValues::holder);
    }

    /** Of version 4. */
    static NlmCodecs wide() {
        return new NlmCodecs(
                new WireLockCodec(true),
                XdrCodecs.UNSIGNED_LONG,
                UnaryOperator.identity(),
                UnaryOperator.identity(),
                UnaryOperator.identity());
    }

    XdrCodec<LockArgs> lockArgs() {
        return lockArgs;
    }

    XdrCodec<CancelArgs> cancelArgs() {
        return cancelArgs;
    }

    XdrCodec<TestArgs> testArgs() {
        return testArgs;
    }

    XdrCodec<UnlockArgs> unlockArgs() {
        return unlockArgs;
    }

    XdrCodec<StatusReply> statusReply() {
        return statusReply;
    }

    XdrCodec<TestReply> testReply() {
        return testReply;
    }

    XdrCodec<ShareArgs> shareArgs() {
        return SHARE_ARGS;
    }

    XdrCodec<ShareReply> shareReply() {
        return shareReply;
    }

    XdrCodec<FreeAllArgs> freeAllArgs() {
        return FREE_ALL_ARGS;
    }

    private static XdrCodec<Holder> holder(XdrCodec<Long> offset) {
        return XdrRecords.of(
                XdrCodecs.BOOLEAN,
                Holder::exclusive,
                XdrCodecs.INT,
                Holder::svid,
                NETOBJ,
                Holder::ownerHandle,
                offset,
                Holder::offset,
                offset,
                Holder::length,
                Holder::new);
    }

    private static XdrCodec<TestReply> testReply(
            XdrCodec<Holder> holder, UnaryOperator<TestOutcome> toOutcome) {
        XdrCodec<TestOutcome> outcome =
                XdrUnion.<NlmStatus, TestOutcome>on(STATUS, TestOutcome::status)
                        .arm(
                                NlmStatus.DENIED,
                                TestOutcome.Conflict.class,
                                XdrRecords.of(
                                        holder,
                                        TestOutcome.Conflict::holder,
                                        TestOutcome.Conflict::new))
                        .otherwise(TestOutcome.Other::new)
                        .build();
        return XdrRecords.of(
                NETOBJ,
                TestReply::cookie,
                outcome.map(UnaryOperator.identity(), toOutcome),
                TestReply::outcome,
                TestReply::new);
    }

    /** {@code fsh_mode} and {@code fsh_access} have the same numbers: 1 reading, 2 writing. */
    private static Share shareOf(int bits) {
        return switch (bits) {
            case 0 -> Share.NONE;
            case 1 -> Share.READ;
            case 2 -> Share.WRITE;
            case 3 -> Share.READ_WRITE;
            default ->
                    throw new IllegalArgumentException(
                            "share mode " + bits + " (expected: 0 to 3)");
        };
    }
}
