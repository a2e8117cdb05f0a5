package org.oncrpckit.nlm.protocol;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.nsm.protocol.CallBack;
import org.oncrpckit.nsm.protocol.HostStatus;
import org.oncrpckit.nsm.protocol.NsmProcedures;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrCodec;
import org.oncrpckit.xdr.XdrCodecs;

/**
 * One version of the protocol: its procedures, and what its numbers mean. The values are those of
 * version 4 in every version; the codecs of versions 1 and 3 widen what comes in, and say of what
 * goes out as much as fits. Immutable.
 *
 * <pre>
 *                     call   _MSG   _RES
 * TEST                   1      6     11     client to server, _RES back
 * LOCK                   2      7     12
 * CANCEL                 3      8     13
 * UNLOCK                 4      9     14
 * GRANTED                5     10     15     server to client, _RES back
 * status call-back      16                   from the status monitor of the same host
 * SHARE, UNSHARE    20, 21                   versions 3 and 4
 * NM_LOCK, FREE_ALL 22, 23                   versions 3 and 4
 * </pre>
 */
public final class NlmVersion {
    /** Version 1, which goes with NFS version 2: offsets and lengths of 32 bits. */
    public static final NlmVersion V1 = new NlmVersion(1, false);

    /** Version 3: version 1 with shares and unmonitored locks. */
    public static final NlmVersion V3 = new NlmVersion(3, false);

    /** Version 4, which goes with NFS version 3: offsets and lengths of 64 bits. */
    public static final NlmVersion V4 = new NlmVersion(4, true);

    /** Distance from an operation's call to its _MSG. */
    private static final int TO_MESSAGE = 5;

    /** Distance from an operation's call to its _RES. */
    private static final int TO_RESULT = 10;

    /** The number of {@link #statusCallBack}. */
    public static final int STATUS_CALL_BACK = 16;

    private final ProgramVersion programVersion;
    private final boolean wide;
    private final Procedure<Nothing, Nothing> ping;
    private final NlmOperation<TestArgs, TestReply> test;
    private final NlmOperation<LockArgs, StatusReply> lock;
    private final NlmOperation<CancelArgs, StatusReply> cancel;
    private final NlmOperation<UnlockArgs, StatusReply> unlock;
    private final NlmOperation<TestArgs, StatusReply> granted;
    private final Procedure<HostStatus, Nothing> statusCallBack;
    private final Procedure<ShareArgs, ShareReply> share;
    private final Procedure<ShareArgs, ShareReply> unshare;
    private final Procedure<LockArgs, StatusReply> unmonitoredLock;
    private final Procedure<FreeAllArgs, Nothing> freeAll;

    private NlmVersion(int version, boolean wide) {
        this.programVersion = new ProgramVersion(Nlm.PROGRAM, version);
        this.wide = wide;
        NlmCodecs codecs = wide ? NlmCodecs.wide() : NlmCodecs.narrow();
        ping = procedure(0, "NULL", XdrCodecs.VOID, XdrCodecs.VOID);
        test = operation(1, "TEST", codecs.testArgs(), codecs.testReply());
        lock = operation(2, "LOCK", codecs.lockArgs(), codecs.statusReply());
        cancel = operation(3, "CANCEL", codecs.cancelArgs(), codecs.statusReply());
        unlock = operation(4, "UNLOCK", codecs.unlockArgs(), codecs.statusReply());
        granted = operation(5, "GRANTED", codecs.testArgs(), codecs.statusReply());
        statusCallBack =
                NsmProcedures.callBack(
                        new CallBack(
                                Nlm.PROGRAM,
                                version,
                                STATUS_CALL_BACK,
                                Opaque.copyOf(new byte[CallBack.PRIV_LENGTH])));
        share = procedure(20, "SHARE", codecs.shareArgs(), codecs.shareReply());
        unshare = procedure(21, "UNSHARE", codecs.shareArgs(), codecs.shareReply());
        unmonitoredLock = procedure(22, "NM_LOCK", codecs.lockArgs(), codecs.statusReply());
        freeAll = procedure(23, "FREE_ALL", codecs.freeAllArgs(), XdrCodecs.VOID);
    }

    /** All versions in ascending order. */
    public static List<NlmVersion> all() {
        return List.of(V1, V3, V4);
    }

    /**
     * The version with this number.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static NlmVersion of(int number) {
        return switch (number) {
            case 1 -> V1;
            case 3 -> V3;
            case 4 -> V4;
            default ->
                    throw new IllegalArgumentException(
                            "NLM version "
                                    + Integer.toUnsignedString(number)
                                    + " (expected: 1, 3 or 4)");
        };
    }

    /** The program and this version. */
    public ProgramVersion programVersion() {
        return programVersion;
    }

    /** 1, 3 or 4. */
    public int number() {
        return programVersion.version();
    }

    /** Whether it has SHARE, UNSHARE, NM_LOCK and FREE_ALL: all but version 1. */
    public boolean hasShares() {
        return number() != 1;
    }

    /** The longest file handle: that of the NFS version it goes with, in bytes. */
    public int fileHandleBytesMax() {
        return wide ? Nlm.FILE_HANDLE_BYTES_MAX : Nlm.NFS2_FILE_HANDLE_BYTES;
    }

    /**
     * The bytes of the file that a lock is about.
     *
     * @return empty when there are no such bytes in this version: see {@link WireRange}
     */
    public Optional<LockRange> range(WireLock description) {
        Objects.requireNonNull(description, "description");
        return wide
                ? WireRange.toRange(description.offset(), description.length())
                : WireRange.toNarrowRange(description.offset(), description.length());
    }

    /** Does nothing. */
    public Procedure<Nothing, Nothing> ping() {
        return ping;
    }

    /** Asks who is in the way. */
    public NlmOperation<TestArgs, TestReply> test() {
        return test;
    }

    /** Takes a lock, or queues for it. */
    public NlmOperation<LockArgs, StatusReply> lock() {
        return lock;
    }

    /** Leaves the queue. */
    public NlmOperation<CancelArgs, StatusReply> cancel() {
        return cancel;
    }

    /** Gives a lock back. */
    public NlmOperation<UnlockArgs, StatusReply> unlock() {
        return unlock;
    }

    /** Server to client: what you waited for is yours. The answer says whether it is taken. */
    public NlmOperation<TestArgs, StatusReply> granted() {
        return granted;
    }

    /** Status monitor to lock manager, on one host: a host that was asked for has restarted. */
    public Procedure<HostStatus, Nothing> statusCallBack() {
        return statusCallBack;
    }

    /** Takes a share reservation; versions 3 and 4. */
    public Procedure<ShareArgs, ShareReply> share() {
        return share;
    }

    /** Gives a share reservation back; versions 3 and 4. */
    public Procedure<ShareArgs, ShareReply> unshare() {
        return unshare;
    }

    /** As LOCK, for clients that no status monitor watches; versions 3 and 4. */
    public Procedure<LockArgs, StatusReply> unmonitoredLock() {
        return unmonitoredLock;
    }

    /** Gives back all that the calling host has; versions 3 and 4. */
    public Procedure<FreeAllArgs, Nothing> freeAll() {
        return freeAll;
    }

    @Override
    public String toString() {
        return "NLM version " + number();
    }

    private <A, R> Procedure<A, R> procedure(
            int number, String name, XdrCodec<A> arguments, XdrCodec<R> results) {
        return new Procedure<>(programVersion, number, name, arguments, results);
    }

    private <A, R> NlmOperation<A, R> operation(
            int number, String name, XdrCodec<A> arguments, XdrCodec<R> results) {
        return new NlmOperation<>(
                procedure(number, name, arguments, results),
                procedure(number + TO_MESSAGE, name + "_MSG", arguments, XdrCodecs.VOID),
                procedure(number + TO_RESULT, name + "_RES", results, XdrCodecs.VOID));
    }
}
