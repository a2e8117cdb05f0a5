package org.oncrpckit.xdr;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Immutable bytes with value equality, fit to be a map key: file handles, cookies, owner handles,
 * names that are bytes rather than text. The hash is computed once, when first asked for.
 */
public final class Opaque implements Comparable<Opaque> {
    /** No bytes at all. */
    public static final Opaque EMPTY = new Opaque(new byte[0]);

    private final byte[] bytes;

    /** Zero until computed; a race computes the same value twice, as in {@link String}. */
    private int hash;

    private Opaque(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A copy of these bytes. */
    public static Opaque copyOf(byte... bytes) {
        return bytes.length == 0 ? EMPTY : new Opaque(bytes.clone());
    }

    /** A copy of the buffer's remaining bytes; its position stays. */
    public static Opaque copyOf(ByteBuffer buffer) {
        if (!buffer.hasRemaining()) {
            return EMPTY;
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return new Opaque(bytes);
    }

    /**
     * The UTF-8 bytes of a text.
     *
     * @throws IllegalArgumentException when it holds half a surrogate pair
     */
    public static Opaque ofUtf8(String text) {
        return wrap(Utf8.encode(text));
    }

    /** Takes the array over; the caller gives up its reference. */
    static Opaque wrap(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Opaque(bytes);
    }

    /** Number of bytes. */
    public int length() {
        return bytes.length;
    }

    /** A read-only view of the bytes. */
    public ByteBuffer asByteBuffer() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /**
     * Copies the bytes into an array.
     *
     * @param offset where they begin there
     * @throws IndexOutOfBoundsException when they do not fit
     */
    public void copyTo(byte[] target, int offset) {
        System.arraycopy(bytes, 0, target, offset, bytes.length);
    }

    /** A copy of the bytes. */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    /** The array itself, for writers of this package. */
    byte[] array() {
        return bytes;
    }

    /** Lexicographic by unsigned bytes. */
    @Override
    public int compareTo(Opaque other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof Opaque that && Arrays.equals(bytes, that.bytes));
    }

    @Override
    public int hashCode() {
        int computed = hash;
        if (computed == 0) {
            computed = Arrays.hashCode(bytes);
            hash = computed;
        }
        return computed;
    }

    /** Lower-case hexadecimal: safe in logs whatever the bytes are. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
