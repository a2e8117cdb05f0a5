package org.oncrpckit.rpc.server;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.CallHeader;

/**
 * One call that must not be executed twice: what it is recognized by, and its reply once there is
 * one. The links belong to {@link ReplyShares} and are guarded by the lock of the {@link
 * ReplyCache}.
 *
 * <p>Recognized by the peer (address, port and scope; a UNIX-domain connection itself, since its
 * peer has no name), the local address, xid, program, version, procedure, and length and checksum
 * of the arguments. Peers reuse xids, after a reboot for example; then the arguments tell the calls
 * apart. The credential takes no part: RPCSEC_GSS changes it with every retransmission.
 */
final class CachedCall {
    /** Memory for one call without its reply: this object, its addresses, its place in maps. */
    static final int OVERHEAD_BYTES = 384;

    /** In place of the reply of a one-way call. */
    static final byte[] NO_REPLY = {};

    private final Object peer;
    private final Object local;
    private final int scope;
    private final int xid;
    private final int program;
    private final int version;
    private final int procedure;
    private final int length;
    private final int checksum;
    private final int hash;

    /** Whose share of the cache it takes. */
    final Object host;

    /** Executes it; null once it has ended, so that the cache does not keep it alive. */
    private volatile @Nullable ServedCall execution;

    /** Written before {@code execution} is cleared, never changed afterwards. */
    private volatile byte @Nullable [] reply;

    /** What a duplicate causes besides the reply. */
    private volatile @Nullable Runnable repeated;

    /** When it ended. */
    long endedNanos;

    /** Neighbours among the calls of the same host. */
    @Nullable CachedCall older;

    @Nullable CachedCall newer;

    /** Neighbours among all calls. */
    @Nullable CachedCall endedBefore;

    @Nullable CachedCall endedAfter;

    /** Null while in progress. */
    @Nullable HostShare share;

    /** A call that begins. */
    CachedCall(ServedCall call, ByteBuffer arguments) {
        CallHeader header = call.header();
        this.host = call.host();
        this.execution = call;
        boolean named = call.peer() instanceof InetSocketAddress;
        this.peer = named ? call.peer() : call.endpoint();
        this.local = call.endpoint().localAddress();
        this.scope =
                named && ((InetSocketAddress) call.peer()).getAddress() instanceof Inet6Address six
                        ? six.getScopeId()
                        : 0;
        this.xid = header.xid();
        this.program = header.programVersion().program();
        this.version = header.programVersion().version();
        this.procedure = header.procedure();
        this.length = arguments.remaining();
        CRC32C crc = new CRC32C();
        crc.update(arguments.duplicate());
        this.checksum = (int) crc.getValue();
        this.hash = ((xid * 31 + checksum) * 31 + procedure) * 31 + peer.hashCode();
    }

    /** Who executes it; null once it has ended. */
    @Nullable ServedCall execution() {
        return execution;
    }

    /** What it was answered; null while in progress, {@link #NO_REPLY} for a one-way call. */
    byte @Nullable [] reply() {
        return reply;
    }

    void end(byte[] bytes) {
        reply = bytes;
        execution = null;
    }

    void whenRepeated(Runnable action) {
        repeated = action;
    }

    @Nullable Runnable repeated() {
        return repeated;
    }

    /** Memory that the ended call takes in the cache. */
    int chargeBytes() {
        byte[] bytes = reply;
        return OVERHEAD_BYTES + (bytes == null ? 0 : bytes.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CachedCall that
                && xid == that.xid
                && checksum == that.checksum
                && length == that.length
                && procedure == that.procedure
                && program == that.program
                && version == that.version
                && scope == that.scope
                && peer.equals(that.peer)
                && local.equals(that.local);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
