package org.oncrpckit.rpc.socket;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.RecordMark;

/**
 * Records that wait to be written to a connection, gathered in chunks so that many small ones leave
 * in one write. Empty, it holds no memory. Not thread-safe.
 */
final class WriteQueue {
    private final ChunkPool pool;
    private final ArrayDeque<ByteBuffer> chunks = new ArrayDeque<>(2);

    /** The last chunk, while there is room behind what it holds. */
    private @Nullable ByteBuffer filling;

    private int bytes;

    WriteQueue(ChunkPool pool) {
        this.pool = pool;
    }

    /** Bytes appended and not written, those taken included. */
    int bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return bytes == 0;
    }

    /** Copies a message in, as a record of one fragment. */
    void append(ByteBuffer message) {
        int length = message.remaining();
        int needed = RecordMark.BYTES + length;
        ByteBuffer chunk = filling;
        if (chunk == null || chunk.remaining() < needed) {
            endFilling();
            chunk = pool.take(needed);
            chunks.add(chunk);
            filling = chunk;
        }
        chunk.putInt(new RecordMark(true, length).word());
        int at = chunk.position();
        chunk.put(at, message, message.position(), length).position(at + length);
        bytes += needed;
    }

    /** Takes all chunks out, ready to be written. What becomes of them is told by {@link #put}. */
    ByteBuffer[] take() {
        endFilling();
        ByteBuffer[] taken = chunks.toArray(new ByteBuffer[0]);
        chunks.clear();
        return taken;
    }

    /** Takes back what {@link #take} gave, after some or all of it has been written. */
    void put(ByteBuffer[] taken, long written) {
        bytes -= (int) written;
        List<ByteBuffer> rest = new ArrayList<>(taken.length);
        for (ByteBuffer chunk : taken) {
            if (chunk.hasRemaining()) {
                rest.add(chunk);
            } else {
                pool.give(chunk);
            }
        }
        for (int i = rest.size() - 1; i >= 0; i--) {
            chunks.addFirst(rest.get(i));
        }
    }

    void clear() {
        chunks.clear();
        filling = null;
        bytes = 0;
    }

    private void endFilling() {
        if (filling != null) {
            filling.flip();
            filling = null;
        }
    }
}
