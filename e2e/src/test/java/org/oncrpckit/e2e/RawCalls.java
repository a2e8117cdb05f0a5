package org.oncrpckit.e2e;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Calls and arguments byte for byte, written without the code that is judged with them. */
final class RawCalls {
    static final int NLM = 100_021;
    static final int NSM = 100_024;

    private RawCalls() {}

    /** A call with AUTH_NONE and no arguments (RFC 5531 section 9). */
    static byte[] call(int xid, int rpcVersion, int program, int version, int procedure) {
        return ByteBuffer.allocate(40)
                .putInt(xid)
                .putInt(0)
                .putInt(rpcVersion)
                .putInt(program)
                .putInt(version)
                .putInt(procedure)
                .putLong(0)
                .putLong(0)
                .array();
    }

    /** nlm4_lockargs (XNFS chapter 14): cookie, block, exclusive, lock, reclaim, state. */
    static byte[] lockArguments(long file, long offset, long length, boolean block) {
        return lockArguments(file, offset, length, block, false);
    }

    /** The same of a lock that was held before the server's restart. */
    static byte[] reclaimArguments(long file, long offset, long length) {
        return lockArguments(file, offset, length, false, true);
    }

    private static byte[] lockArguments(
            long file, long offset, long length, boolean block, boolean reclaim) {
        return ByteBuffer.allocate(72)
                .putInt(4)
                .putInt(1)
                .putInt(block ? 1 : 0)
                .putInt(1)
                .put(lock(file, offset, length))
                .putInt(reclaim ? 1 : 0)
                .putInt(1)
                .array();
    }

    /** nlm4_unlockargs: cookie, lock. */
    static byte[] unlockArguments(long file, long offset, long length) {
        return ByteBuffer.allocate(56).putInt(4).putInt(1).put(lock(file, offset, length)).array();
    }

    /** nlm4_lock: caller name, file handle, owner handle, svid, offset, length. */
    private static byte[] lock(long file, long offset, long length) {
        return ByteBuffer.allocate(48)
                .putInt(4)
                .put("host".getBytes(StandardCharsets.US_ASCII))
                .putInt(8)
                .putLong(file)
                .putInt(4)
                .put("1@hs".getBytes(StandardCharsets.US_ASCII))
                .putInt(1)
                .putLong(offset)
                .putLong(length)
                .array();
    }

    static byte[] join(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
    }
}
