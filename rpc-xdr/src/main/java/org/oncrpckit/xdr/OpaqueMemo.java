package org.oncrpckit.xdr;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Opaques that were read lately, so that bytes which come again and again (a client's credential is
 * the same in most of its calls) are read without allocating. Holds as many of them as it has
 * slots, of at most {@link #LENGTH_MAX} bytes each; a new one takes the place of the one in its
 * slot. Thread-safe, without a lock: an opaque is immutable, and one that a race loses is read
 * anew.
 */
public final class OpaqueMemo {
    /** Opaques that are kept unless somebody says otherwise. */
    public static final int SLOTS = 256;

    /** The most that can be kept. */
    public static final int SLOTS_MAX = 1 << 16;

    /** Longest opaque that is kept, in bytes. */
    public static final int LENGTH_MAX = 400;

    private static final int ODD = 0x9e37_79b1;

    /** Remembers nothing. */
    public static final OpaqueMemo NONE = new OpaqueMemo(new Opaque[0]);

    private final @Nullable Opaque[] slots;

    /** Nothing was read yet. */
    public OpaqueMemo() {
        this(SLOTS);
    }

    /**
     * Nothing was read yet.
     *
     * @param slots opaques to keep: a power of two, at most {@link #SLOTS_MAX}
     */
    public OpaqueMemo(int slots) {
        this(new Opaque[checkedSlots(slots)]);
    }

    private OpaqueMemo(@Nullable Opaque[] slots) {
        this.slots = slots;
    }

    /** As many, if that is a number of slots that a memo can have. */
    static int checkedSlots(int slots) {
        if (Integer.bitCount(slots) != 1 || slots < 0 || slots > SLOTS_MAX) {
            throw new IllegalArgumentException(
                    slots + " slots (expected: a power of two, 1 to " + SLOTS_MAX + ")");
        }
        return slots;
    }

    /** The bytes at an index, all of which are there, as an opaque. */
    Opaque get(ByteBuffer buffer, int index, int length) {
        if (length > LENGTH_MAX || slots.length == 0) {
            return copy(buffer, index, length);
        }
        int slot = hash(buffer, index, length) & (slots.length - 1);
        Opaque known = slots[slot];
        if (known == null || !isAt(known.array(), buffer, index, length)) {
            known = copy(buffer, index, length);
            slots[slot] = known;
        }
        return known;
    }

    private static Opaque copy(ByteBuffer buffer, int index, int length) {
        byte[] bytes = new byte[length];
        buffer.get(index, bytes);
        return Opaque.wrap(bytes);
    }

    private static int hash(ByteBuffer buffer, int index, int length) {
        int hash = length;
        int i = 0;
        for (; i <= length - Integer.BYTES; i += Integer.BYTES) {
            hash = (hash ^ buffer.getInt(index + i)) * ODD;
            hash ^= hash >>> 15;
        }
        for (; i < length; i++) {
            hash = (hash ^ buffer.get(index + i)) * ODD;
        }
        return hash ^ (hash >>> 16);
    }

    private static boolean isAt(byte[] bytes, ByteBuffer buffer, int index, int length) {
        if (bytes.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[i] != buffer.get(index + i)) {
                return false;
            }
        }
        return true;
    }
}
