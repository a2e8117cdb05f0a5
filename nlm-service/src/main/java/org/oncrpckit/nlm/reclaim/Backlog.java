package org.oncrpckit.nlm.reclaim;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.ByteArrayOutputStream;

/**
 * Records that have been told and not been written yet. Each thread writes before it answers, so
 * there is about one turn's worth of each thread in here. Thread-safe.
 */
final class Backlog {
    /** More than this means that nobody writes. */
    static final int BYTES_MAX = 16 << 20;

    private final Object lock = new Object();

    @GuardedBy("lock")
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Adds a record, or says that there is no room. */
    boolean add(byte[] encoded) {
        synchronized (lock) {
            if (bytes.size() + encoded.length > BYTES_MAX) {
                return false;
            }
            bytes.writeBytes(encoded);
            return true;
        }
    }

    /** Takes everything out, in its order. */
    byte[] take() {
        synchronized (lock) {
            byte[] all = bytes.toByteArray();
            bytes.reset();
            return all;
        }
    }
}
