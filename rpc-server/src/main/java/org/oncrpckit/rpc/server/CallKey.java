package org.oncrpckit.rpc.server;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a call is recognized by when it comes again: the peer (address, port and scope; a
 * UNIX-domain connection itself, since its peer has no name), the local address, xid, program,
 * version, procedure, and length and checksum of the arguments. Peers reuse xids, after a reboot
 * for example; then the arguments tell the calls apart. The credential takes no part: RPCSEC_GSS
 * changes it with every retransmission.
 *
 * <p>One is made for each call that is remembered: it asks the call for what the call knows, and is
 * its own link in the {@link CallTable}.
 */
final class CallKey {
    /** Nobody outside can choose calls that collide. The order of hashes has no other effect. */
    private static final long SEED = new SecureRandom().nextLong();

    private static final long ODD = 0x9e37_79b9_7f4a_7c15L;

    /** The call itself. */
    final ServedCall<?> call;

    final int length;
    final int checksum;
    private final int hash;

    /**
     * What a duplicate causes besides the reply; no part of the key. Guarded by the lock of the
     * {@link ReplyCache}, as is the next.
     */
    @Nullable Runnable repeated;

    /** Belongs to the {@link CallTable}. */
    @Nullable CallKey next;

    /** The arguments are from position to limit, and stay there. */
    CallKey(ServedCall<?> call, ByteBuffer arguments) {
        this.call = call;
        this.length = arguments.remaining();
        this.checksum = length == 0 ? 0 : checksum(arguments);
        long mixed = mix(SEED, xid(), checksum);
        mixed = mix(mixed, port(), procedure());
        this.hash = (int) mix(mixed, host().hashCode(), length);
    }

    private static int checksum(ByteBuffer arguments) {
        int start = arguments.position();
        CRC32C crc = new CRC32C();
        crc.update(arguments);
        arguments.position(start);
        return (int) crc.getValue();
    }

    private static long mix(long state, int high, int low) {
        long mixed = (state ^ (((long) high << 32) | (low & 0xffff_ffffL))) * ODD;
        return mixed ^ (mixed >>> 32);
    }

    /** The peer without its port: whose share of the cache the call takes. */
    Object host() {
        return call.host();
    }

    SocketAddress local() {
        return call.origin().local();
    }

    int port() {
        return call.peer() instanceof InetSocketAddress inet ? inet.getPort() : 0;
    }

    int scope() {
        return host() instanceof Inet6Address six ? six.getScopeId() : 0;
    }

    int xid() {
        return call.header().xid();
    }

    int program() {
        return call.header().programVersion().program();
    }

    int version() {
        return call.header().programVersion().version();
    }

    int procedure() {
        return call.header().procedure();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CallKey that
                && hash == that.hash
                && xid() == that.xid()
                && checksum == that.checksum
                && length == that.length
                && port() == that.port()
                && procedure() == that.procedure()
                && program() == that.program()
                && version() == that.version()
                && scope() == that.scope()
                && host().equals(that.host())
                && local().equals(that.local());
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
