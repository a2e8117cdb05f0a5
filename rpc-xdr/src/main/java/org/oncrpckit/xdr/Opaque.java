package org.oncrpckit.xdr;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * Immutable bytes with value equality, fit to be a map key: file handles, cookies, owner handles,
 * names that are bytes rather than text. The hash is computed once.
 */
public final class Opaque implements Comparable<Opaque> {
    /** No bytes at all. */
    public static final Opaque EMPTY = new Opaque(new byte[0]);

    private final byte[] bytes;
    private final int hash;

    private Opaque(byte[] bytes) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    /** A copy of these bytes. */
    public static Opaque copyOf(byte... bytes) {
        return bytes.length == 0 ? EMPTY : new Opaque(bytes.clone());
    }

    /** Takes the array over; the caller gives up its reference. */
    static Opaque wrap(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Opaque(bytes);
    }

    /** Number of bytes. */
    public int length() {
        return bytes.length;
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
        return other instanceof Opaque that
                && hash == that.hash
                && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** Lower-case hexadecimal: safe in logs whatever the bytes are. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
