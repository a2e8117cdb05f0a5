package org.oncrpckit.xdr;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import org.dcache.oncrpc4j.xdr.XdrDecodingStream;

/**
 * Reads XDR (RFC 4506) from a buffer. Every read of variable length takes the longest value it
 * accepts, and nothing is allocated before the bytes are known to be there. Not thread-safe.
 *
 * <p>Opaque data is followed by zero to three bytes of padding up to a multiple of four. RFC 4506
 * section 3 wants them to be zero, and so does this reader unless told otherwise by {@link
 * #ignorePadding}.
 *
 * <p>It is also an {@link XdrDecodingStream}, so that types written for oncrpc4j decode from it.
 * Those methods report bad data as oncrpc4j does, with the {@link XdrException} as cause.
 */
public final class XdrReader extends Oncrpc4jDecoding {
    private final ByteBuffer buffer;
    private boolean paddingIgnored;

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

    /**
     * Accepts padding that is not zero from here on; some senders leave stale bytes there.
     *
     * @return this reader
     */
    public XdrReader ignorePadding() {
        paddingIgnored = true;
        return this;
    }

    /** Bytes not read yet. */
    @Override
    public int remaining() {
        return buffer.remaining();
    }

    /** Offset of the next byte, for messages and for slicing. */
    @Override
    public int position() {
        return buffer.position();
    }

    /** A read-only view of the bytes not read yet; reading it does not move this reader. */
    public ByteBuffer remainingBytes() {
        return buffer.slice().asReadOnlyBuffer();
    }

    /** A signed 32-bit integer; unsigned values keep their bits. */
    @Override
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
    @Override
    public long readLong() throws XdrException {
        try {
            return buffer.getLong();
        } catch (BufferUnderflowException e) {
            throw tooShort(Long.BYTES);
        }
    }

    /** A single-precision number. */
    public float readFloat() throws XdrException {
        return Float.intBitsToFloat(readInt());
    }

    /** A double-precision number. */
    public double readDouble() throws XdrException {
        return Double.longBitsToDouble(readLong());
    }

    /** A boolean: 0 or 1, anything else is an error. */
    @Override
    public boolean readBoolean() throws XdrException {
        int value = readInt();
        if (value != 0 && value != 1) {
            throw new XdrException(
                    "boolean "
                            + value
                            + " at offset "
                            + (position() - Integer.BYTES)
                            + " (expected: 0 or 1)");
        }
        return value == 1;
    }

    /** Variable-length opaque data of at most {@code bytesMax} bytes, with its padding. */
    public Opaque readOpaque(int bytesMax) throws XdrException {
        return readFixedOpaque(readLength(bytesMax));
    }

    /** Exactly {@code length} opaque bytes and their padding. */
    public Opaque readFixedOpaque(int length) throws XdrException {
        return length == 0 ? Opaque.EMPTY : Opaque.wrap(readFixedBytes(length));
    }

    /**
     * Variable-length opaque data of at most {@code bytesMax} bytes, with its padding, as a
     * read-only view of this reader's memory: for bulk data, and valid only as long as that memory
     * is.
     */
    public ByteBuffer readOpaqueSlice(int bytesMax) throws XdrException {
        return readFixedSlice(readLength(bytesMax));
    }

    /** Text in UTF-8 of at most {@code bytesMax} bytes; other bytes are an error. */
    public String readString(int bytesMax) throws XdrException {
        int offset = position();
        byte[] bytes = readFixedBytes(readLength(bytesMax));
        try {
            return Utf8.decode(bytes);
        } catch (CharacterCodingException e) {
            throw new XdrException(
                    "string of " + bytes.length + " bytes at offset " + offset + " is not UTF-8",
                    e);
        }
    }

    /** Exactly {@code length} opaque bytes and their padding. */
    public byte[] readFixedBytes(int length) throws XdrException {
        requirePadded(length);
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        skipPadding(length);
        return bytes;
    }

    @Override
    void readFixedBytes(byte[] target, int offset, int length) throws XdrException {
        requirePadded(length);
        buffer.get(target, offset, length);
        skipPadding(length);
    }

    @Override
    ByteBuffer readFixedSlice(int length) throws XdrException {
        requirePadded(length);
        ByteBuffer bytes = buffer.slice(buffer.position(), length).asReadOnlyBuffer();
        buffer.position(buffer.position() + length);
        skipPadding(length);
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
                            + (position() - Integer.BYTES)
                            + " (limit "
                            + max
                            + ")");
        }
        return length;
    }

    /** Fails when bytes are left over. */
    public void expectEnd() throws XdrException {
        if (buffer.hasRemaining()) {
            throw new XdrException(
                    buffer.remaining()
                            + " bytes left at offset "
                            + position()
                            + " (expected: the end)");
        }
    }

    private void requirePadded(int length) throws XdrException {
        if (length < 0) {
            throw new IllegalArgumentException("length " + length + " (expected: >= 0)");
        }
        if (buffer.remaining() < (long) length + (-length & 3)) {
            throw tooShort((long) length + (-length & 3));
        }
    }

    private void skipPadding(int length) throws XdrException {
        for (int i = -length & 3; i > 0; i--) {
            byte padding = buffer.get();
            if (padding != 0 && !paddingIgnored) {
                throw new XdrException(
                        "padding byte "
                                + padding
                                + " at offset "
                                + (position() - 1)
                                + " (expected: 0)");
            }
        }
    }

    private XdrException tooShort(long wanted) {
        return new XdrException(
                wanted + " bytes wanted at offset " + position() + " (" + remaining() + " left)");
    }
}
