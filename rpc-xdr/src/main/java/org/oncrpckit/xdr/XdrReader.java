package org.oncrpckit.xdr;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Reads XDR (RFC 4506) from a buffer. Every read of variable length takes the longest value it
 * accepts, and nothing is allocated before the bytes are known to be there. Not thread-safe.
 */
public final class XdrReader {
    private final ByteBuffer buffer;

    private XdrReader(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    /**
     * A reader over the remaining bytes of the buffer, which it shares and whose position it leaves
     * alone.
     */
    public static XdrReader of(ByteBuffer buffer) {
        return new XdrReader(buffer.slice().order(ByteOrder.BIG_ENDIAN));
    }

    /** A reader over the bytes of an opaque, which are not copied. */
    public static XdrReader of(Opaque opaque) {
        return new XdrReader(ByteBuffer.wrap(opaque.array()));
    }

    /** Bytes not read yet. */
    public int remaining() {
        return buffer.remaining();
    }

    /** Offset of the next byte, for messages and for slicing. */
    public int position() {
        return buffer.position();
    }

    /** A read-only view of the bytes not read yet; reading it does not move this reader. */
    public ByteBuffer remainingBytes() {
        return buffer.slice().asReadOnlyBuffer();
    }

    /** A signed 32-bit integer; unsigned values keep their bits. */
    public int readInt() throws XdrException {
        try {
            return buffer.getInt();
        } catch (BufferUnderflowException e) {
            throw tooShort(Integer.BYTES);
        }
    }

    /** An unsigned 32-bit integer, 0 to 2^32-1. */
    public long readUnsignedInt() throws XdrException {
        return Integer.toUnsignedLong(readInt());
    }

    /** A signed 64-bit integer; unsigned values keep their bits. */
    public long readLong() throws XdrException {
        try {
            return buffer.getLong();
        } catch (BufferUnderflowException e) {
            throw tooShort(Long.BYTES);
        }
    }

    /** A boolean: 0 or 1, anything else is an error. */
    public boolean readBoolean() throws XdrException {
        int value = readInt();
        if (value != 0 && value != 1) {
            throw new XdrException("boolean " + value + " at offset " + (position() - 4));
        }
        return value == 1;
    }

    /** Variable-length opaque data of at most {@code bytesMax} bytes, with its padding. */
    public Opaque readOpaque(int bytesMax) throws XdrException {
        int length = readLength(bytesMax);
        return Opaque.wrap(readFixedBytes(length));
    }

    /** Exactly {@code length} opaque bytes and their padding. */
    public Opaque readFixedOpaque(int length) throws XdrException {
        return Opaque.wrap(readFixedBytes(length));
    }

    /** Exactly {@code length} opaque bytes and their padding. */
    public byte[] readFixedBytes(int length) throws XdrException {
        Objects.checkIndex(length, Integer.MAX_VALUE);
        int padding = -length & 3;
        if (buffer.remaining() < (long) length + padding) {
            throw tooShort(length + padding);
        }
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        for (int i = 0; i < padding; i++) {
            if (buffer.get() != 0) {
                throw new XdrException("non-zero padding at offset " + (position() - 1));
            }
        }
        return bytes;
    }

    /** A length or element count, 0 to {@code max}. */
    public int readLength(int max) throws XdrException {
        int length = readInt();
        if (length < 0 || length > max) {
            throw new XdrException(
                    "length "
                            + Integer.toUnsignedString(length)
                            + " at offset "
                            + (position() - 4)
                            + " (limit "
                            + max
                            + ")");
        }
        return length;
    }

    /** Fails when bytes are left over. */
    public void expectEnd() throws XdrException {
        if (buffer.hasRemaining()) {
            throw new XdrException(buffer.remaining() + " bytes left at offset " + position());
        }
    }

    private XdrException tooShort(int wanted) {
        return new XdrException(
                wanted + " bytes wanted at offset " + position() + " (" + remaining() + " left)");
    }
}
