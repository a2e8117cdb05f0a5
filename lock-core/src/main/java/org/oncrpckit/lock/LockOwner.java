package org.oncrpckit.lock;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/**
 * Who holds or wants a lock: a system, the opaque bytes by which that system names the owner, and a
 * number (a process id, as a rule). Two owners are the same iff all three are equal. Locks of one
 * owner never conflict with each other. Immutable.
 */
public final class LockOwner implements Comparable<LockOwner> {
    /**
     * The longest handle, in bytes: what a remote owner may call itself (1024, as in NLM and NFSv4)
     * and room for where it was heard.
     */
    public static final int HANDLE_BYTES_MAX = 1088;

    private final SystemId system;
    private final byte[] handle;
    private final long number;
    private final int hash;

    private LockOwner(SystemId system, byte[] handle, long number) {
        this.system = system;
        this.handle = handle;
        this.number = number;
        long sum = NameHash.add(system.addTo(NameHash.START), number);
        this.hash = NameHash.finish(NameHash.add(sum, handle));
    }

    /**
     * Names an owner.
     *
     * @param system where it lives
     * @param handle 1 to {@value #HANDLE_BYTES_MAX} bytes; copied
     * @param number any number
     * @throws IllegalArgumentException if the handle is empty or too long
     */
    public static LockOwner of(SystemId system, byte[] handle, long number) {
        Objects.requireNonNull(system, "system");
        Objects.requireNonNull(handle, "handle");
        if (handle.length == 0 || handle.length > HANDLE_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "owner handle of "
                            + handle.length
                            + " bytes (expected: 1 to "
                            + HANDLE_BYTES_MAX
                            + ")");
        }
        return new LockOwner(system, handle.clone(), number);
    }

    /** The host, in one life of it, that the owner lives on. */
    public SystemId system() {
        return system;
    }

    /** The handle's bytes, in a new array. */
    public byte[] handle() {
        return handle.clone();
    }

    /** The owner's number. */
    public long number() {
        return number;
    }

    /** Orders by system, then number (unsigned), then handle (unsigned bytes). */
    @Override
    public int compareTo(LockOwner other) {
        if (this == other) {
            return 0;
        }
        int order = system.compareTo(other.system);
        if (order == 0) {
            order = Long.compareUnsigned(number, other.number);
        }
        return order != 0 ? order : Arrays.compareUnsigned(handle, other.handle);
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof LockOwner that
                        && hash == that.hash
                        && number == that.number
                        && system.equals(that.system)
                        && Arrays.equals(handle, that.handle));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return system
                + "/"
                + Long.toUnsignedString(number)
                + "/"
                + HexFormat.of().formatHex(handle);
    }
}
