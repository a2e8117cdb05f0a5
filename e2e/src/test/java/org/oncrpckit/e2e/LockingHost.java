package org.oncrpckit.e2e;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** A host of 127.0.0.0/8 that locks bytes over UDP, one call at a time. */
final class LockingHost implements AutoCloseable {
    static final int GRANTED = 0;
    static final int DENIED = 1;
    static final int DENIED_NOLOCKS = 2;

    static final int DENIED_GRACE_PERIOD = 4;

    private static final int NLM_LOCK = 2;
    private static final int NLM_UNLOCK = 4;
    private static final int PATIENCE_MILLIS = 2_000;
    private static final int ATTEMPTS = 10;

    /** xid, REPLY, accepted, AUTH_NONE of no bytes, SUCCESS; then a cookie of four bytes. */
    private static final int STATUS_OFFSET = 24 + 8;

    private final DatagramSocket socket;
    private int xid;

    LockingHost(int third, int fourth, int nlmPort) throws IOException {
        socket = new DatagramSocket(new InetSocketAddress(address(third, fourth), 0));
        socket.connect(new InetSocketAddress(address(0, 1), nlmPort));
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    static InetAddress address(int third, int fourth) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {127, 0, (byte) third, (byte) fourth});
    }

    /** Locks one byte of a file exclusively, without waiting for it; the status. */
    int lock(long file, long offset) throws IOException {
        return call(NLM_LOCK, RawCalls.lockArguments(file, offset, 1, false));
    }

    /** Asks for the same byte as one that this host had before the server's restart. */
    int reclaim(long file, long offset) throws IOException {
        return call(NLM_LOCK, RawCalls.reclaimArguments(file, offset, 1));
    }

    /** Gives one byte back; the status. */
    int unlock(long file, long offset) throws IOException {
        return call(NLM_UNLOCK, RawCalls.unlockArguments(file, offset, 1));
    }

    private int call(int procedure, byte[] arguments) throws IOException {
        byte[] call = RawCalls.call(++xid, 2, RawCalls.NLM, 4, procedure);
        byte[] bytes = RawCalls.join(call, arguments);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            socket.send(new DatagramPacket(bytes, bytes.length));
            DatagramPacket reply = new DatagramPacket(new byte[512], 512);
            try {
                do {
                    socket.receive(reply);
                } while (ByteBuffer.wrap(reply.getData()).getInt() != xid);
                return ByteBuffer.wrap(reply.getData()).getInt(STATUS_OFFSET);
            } catch (SocketTimeoutException e) {
                // Lost, or a busy daemon: the same call again.
            }
        }
        throw new IOException("no answer to " + ATTEMPTS + " attempts");
    }

    @Override
    public void close() {
        socket.close();
    }
}
