package org.oncrpckit.lock;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/**
 * The identity of a file: opaque bytes, compared byte by byte. What they mean (a file handle, an
 * inode number, a path) is the caller's business. Immutable.
 */
public final class FileId implements Comparable<FileId> {
    /** The longest identity, in bytes. */
    public static final int BYTES_MAX = 1024;

    private final byte[] bytes;
    private final int hash;

    private FileId(byte[] bytes) {
        this.bytes = bytes;
        this.hash = NameHash.finish(NameHash.add(NameHash.START, bytes));
    }

    /**
     * Names a file.
     *
     * @param bytes 1 to {@value #BYTES_MAX} bytes; copied
     * @throws IllegalArgumentException if there are none or too many
     */
    public static FileId of(byte[] bytes) {
        Objects.requireNonNull(bytes, "bytes");
        if (bytes.length == 0 || bytes.length > BYTES_MAX) {
            throw new IllegalArgumentException(
                    "file id of " + bytes.length + " bytes (expected: 1 to " + BYTES_MAX + ")");
        }
        return new FileId(bytes.clone());
    }

    /** The bytes, in a new array. */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    /** How many bytes there are, 1 to {@value #BYTES_MAX}. */
    public int length() {
        return bytes.length;
    }

    /** Orders by unsigned bytes, a prefix before what it begins. */
    @Override
    public int compareTo(FileId other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof FileId that
                        && hash == that.hash
                        && Arrays.equals(bytes, that.bytes));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** The bytes in hexadecimal. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
