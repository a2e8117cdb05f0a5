package org.oncrpckit.nlm;

import java.util.Objects;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.SystemId;
import org.oncrpckit.xdr.Opaque;

/**
 * An owner of locks on this host. Two are the same iff name and number are; locks of one owner
 * never conflict.
 *
 * @param name 1 to 1024 bytes; what a client that tests a lock sees as the holder's handle
 * @param number a process id, as a rule; a client sees its lower 32 bits
 */
public record LocalOwner(Opaque name, long number) {
    /** Longest name, in bytes. */
    public static final int NAME_BYTES_MAX = 1024;

    /** Checks the length. */
    public LocalOwner {
        Objects.requireNonNull(name, "name");
        if (name.length() == 0 || name.length() > NAME_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "owner name of "
                            + name.length()
                            + " bytes (expected: 1 to "
                            + NAME_BYTES_MAX
                            + ")");
        }
    }

    /** An owner with a name of text. */
    public static LocalOwner of(String name, long number) {
        return new LocalOwner(Opaque.ofUtf8(name), number);
    }

    LockOwner toLockOwner() {
        return LockOwner.of(SystemId.LOCAL, name.toByteArray(), number);
    }

    static LocalOwner of(LockOwner owner) {
        return new LocalOwner(Opaque.copyOf(owner.handle()), owner.number());
    }
}
