package org.oncrpckit.rpc.socket;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** Buffers for what is about to be written, used again. Thread-safe. */
final class ChunkPool {
    /** Room for the replies to a usual read. */
    private static final int CHUNK_BYTES = 8192;

    /** Chunks kept at most: 2 MiB in all. */
    private static final int KEPT_MAX = 256;

    @GuardedBy("this")
    private final ArrayDeque<ByteBuffer> kept = new ArrayDeque<>();

    /** An empty buffer with room for at least so many bytes. */
    ByteBuffer take(int bytes) {
        if (bytes > CHUNK_BYTES) {
            return ByteBuffer.allocate(bytes);
        }
        ByteBuffer chunk;
        synchronized (this) {
            chunk = kept.pollLast();
        }
        return chunk == null ? ByteBuffer.allocate(CHUNK_BYTES) : chunk;
    }

    void give(ByteBuffer chunk) {
        if (chunk.capacity() != CHUNK_BYTES) {
            return;
        }
        chunk.clear();
        synchronized (this) {
            if (kept.size() < KEPT_MAX) {
                kept.addLast(chunk);
            }
        }
    }
}
