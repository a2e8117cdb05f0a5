package org.oncrpckit.xdr;

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
    /** Only read at absolute indices: whoever gave it goes on using its position. */
    private ByteBuffer buffer;

    private int start;
    private int end;

    /** Index of the next byte, from start to end. */
    private int next;

    private boolean paddingIgnored;

    private XdrReader(ByteBuffer buffer) {
        this.buffer = bigEndian(buffer);
        this.start = buffer.position();
        this.end = buffer.limit();
        this.next = start;
    }

    /**
     * A reader over the remaining bytes of the buffer, which it shares and whose position it leaves
     * alone. The buffer may be used further, but its limit and its bytes stay while the reader
     * lives.
     */
    public static XdrReader of(ByteBuffer buffer) {
        return new XdrReader(buffer);
    }

    /**
     * Begins anew, as a reader {@link #of(ByteBuffer) of} the remaining bytes of another buffer:
     * for those who read many messages one after the other, and whose reader nobody keeps.
     *
     * @return this reader
     */
    public XdrReader reset(ByteBuffer other) {
        buffer = bigEndian(other);
        start = other.position();
        end = other.limit();
        next = start;
        paddingIgnored = false;
        return this;
    }

    private static ByteBuffer bigEndian(ByteBuffer buffer) {
        return buffer.order() == ByteOrder.BIG_ENDIAN
                ? buffer
                : buffer.duplicate().order(ByteOrder.BIG_ENDIAN);
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
        return end - next;
    }

    /** Offset of the next byte, for messages and for slicing. */
    @Override
    public int position() {
        return next - start;
    }

    /** A read-only view of the bytes not read yet; reading it does not move this reader. */
    public ByteBuffer remainingBytes() {
        return buffer.slice(next, remaining()).asReadOnlyBuffer();
    }

    /** A signed 32-bit integer; unsigned values keep their bits. */
    @Override
    public int readInt() throws XdrException {
        require(Integer.BYTES);
        int value = buffer.getInt(next);
        next += Integer.BYTES;
        return value;
    }

    /** An unsigned 32-bit integer, 0 to 2^32-1. */
    public long readUnsignedInt() throws XdrException {
        return Integer.toUnsignedLong(readInt());
    }

    /** A signed 64-bit integer; unsigned values keep their bits. */
    @Override
    public long readLong() throws XdrException {
        require(Long.BYTES);
        long value = buffer.getLong(next);
        next += Long.BYTES;
        return value;
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

    /** As {@link #readFixedOpaque(int)}, for bytes that are likely to have come before. */
    public Opaque readFixedOpaque(int length, OpaqueMemo memo) throws XdrException {
        requirePadded(length);
        Opaque opaque = length == 0 ? Opaque.EMPTY : memo.get(buffer, next, length);
        skipPadded(length);
        return opaque;
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
        buffer.get(next, bytes);
        skipPadded(length);
        return bytes;
    }

    @Override
    void readFixedBytes(byte[] target, int offset, int length) throws XdrException {
        requirePadded(length);
        buffer.get(next, target, offset, length);
        skipPadded(length);
    }

    @Override
    ByteBuffer readFixedSlice(int length) throws XdrException {
        requirePadded(length);
        ByteBuffer bytes = buffer.slice(next, length).asReadOnlyBuffer();
        skipPadded(length);
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
        if (remaining() > 0) {
            throw new XdrException(
                    remaining() + " bytes left at offset " + position() + " (expected: the end)");
        }
    }

    private void requirePadded(int length) throws XdrException {
        if (length < 0) {
            throw new IllegalArgumentException("length " + length + " (expected: >= 0)");
        }
        require((long) length + (-length & 3));
    }

    private void require(long bytes) throws XdrException {
        if (remaining() < bytes) {
            throw new XdrException(
                    bytes
                            + " bytes wanted at offset "
                            + position()
                            + " ("
                            + remaining()
                            + " left)");
        }
    }

    private void skipPadded(int length) throws XdrException {
        next += length;
        for (int i = -length & 3; i > 0; i--) {
            byte padding = buffer.get(next++);
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
}
