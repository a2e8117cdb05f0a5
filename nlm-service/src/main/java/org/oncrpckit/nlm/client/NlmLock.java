package org.oncrpckit.nlm.client;

import java.util.Objects;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.nlm.protocol.Nlm;
import org.oncrpckit.nlm.protocol.WireRange;
import org.oncrpckit.xdr.Opaque;

/**
 * A lock: where, on what, whose, which bytes, which mode.
 *
 * @param server the lock manager
 * @param file the file's NFS handle, 1 to {@link Nlm#NETOBJ_BYTES_MAX} bytes
 * @param owner whose
 * @param range the bytes; begins at 2^63-1 at the latest. One that reaches byte 2^63-1 goes to the
 *     end of the file, which is {@link LockRange#END}
 * @param mode shared or exclusive
 */
public record NlmLock(
        NlmServer server, Opaque file, NlmOwner owner, LockRange range, LockMode mode) {
    /** Checks the values. */
    public NlmLock {
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(mode, "mode");
        if (file.length() == 0 || file.length() > Nlm.NETOBJ_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "file handle of %d bytes (expected: 1 to %d)"
                            .formatted(file.length(), Nlm.NETOBJ_BYTES_MAX));
        }
        if (range.first() < 0) {
            throw new IllegalArgumentException("range " + range + " begins beyond byte 2^63-1");
        }
        if (WireRange.length(range) == 0) {
            range = new LockRange(range.first(), LockRange.END);
        }
    }

    /** The same bytes of the same file, for another mode. */
    public NlmLock withMode(LockMode other) {
        return new NlmLock(server, file, owner, range, other);
    }

    /** The same for other bytes. */
    public NlmLock withRange(LockRange other) {
        return new NlmLock(server, file, owner, other, mode);
    }

    boolean isExclusive() {
        return mode == LockMode.EXCLUSIVE;
    }
}
