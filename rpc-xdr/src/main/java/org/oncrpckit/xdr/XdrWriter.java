package org.oncrpckit.xdr;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.dcache.oncrpc4j.xdr.XdrEncodingStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes XDR (RFC 4506) into a buffer that grows up to a limit. What would pass the limit is
 * refused with an {@link IllegalArgumentException}, and padding is always zero. Not thread-safe.
 *
 * <p>It is also an {@link XdrEncodingStream}, so that types written for oncrpc4j encode into it.
 */
public final class XdrWriter extends Oncrpc4jEncoding {
    /** Initial capacity in bytes unless another is given: a small message fits. */
    public static final int DEFAULT_CAPACITY_BYTES = 256;

    /** Most bytes unless another limit is given: 1 MiB. */
    public static final int DEFAULT_BYTES_MAX = 1 << 20;

    private final int bytesMax;
    private ByteBuffer buffer;

    /** Over the same memory as the buffer; null until it is asked for. */
    private @Nullable ByteBuffer view;

    /** A writer with room for a small message. */
    public XdrWriter() {
        this(DEFAULT_CAPACITY_BYTES);
    }

    /**
     * A writer with room for {@code capacityBytes} before it grows, up to {@link
     * #DEFAULT_BYTES_MAX} or the given capacity, whichever is more.
     */
    public XdrWriter(int capacityBytes) {
        this(capacityBytes, Math.max(capacityBytes, DEFAULT_BYTES_MAX));
    }

    /**
     * A writer with room for {@code capacityBytes} before it grows.
     *
     * @param capacityBytes 0 to {@code bytesMax}
     * @param bytesMax most bytes it ever holds
     */
    public XdrWriter(int capacityBytes, int bytesMax) {
        if (capacityBytes < 0 || capacityBytes > bytesMax) {
            throw new IllegalArgumentException(
                    "capacity of " + capacityBytes + " bytes (limit " + bytesMax + ")");
        }
        this.bytesMax = bytesMax;
        buffer = ByteBuffer.allocate(capacityBytes);
    }

    /** A 32-bit integer, signed or unsigned bits. */
    @Override
    public void writeInt(int value) {
        room(Integer.BYTES).putInt(value);
    }

    /**
     * An unsigned 32-bit integer.
     *
     * @param value 0 to 2^32-1
     */
    public void writeUnsignedInt(long value) {
        if (value < 0 || value > 0xffff_ffffL) {
            throw new IllegalArgumentException(value + " (expected: 0 to 4294967295)");
        }
        writeInt((int) value);
    }

    /** A 64-bit integer, signed or unsigned bits. */
    @Override
    public void writeLong(long value) {
        room(Long.BYTES).putLong(value);
    }

    /** A single-precision number. */
    public void writeFloat(float value) {
        writeInt(Float.floatToRawIntBits(value));
    }

    /** A double-precision number. */
    public void writeDouble(double value) {
        writeLong(Double.doubleToRawLongBits(value));
    }

    /** A boolean as 0 or 1. */
    public void writeBoolean(boolean value) {
        writeInt(value ? 1 : 0);
    }

    /** Length, bytes, zero padding. */
    public void writeOpaque(Opaque value) {
        writeInt(value.length());
        writeFixedBytes(value.array());
    }

    /** Length, the buffer's remaining bytes, zero padding; the buffer's position stays. */
    public void writeOpaque(ByteBuffer bytes) {
        writeInt(bytes.remaining());
        writeFixedBytes(bytes);
    }

    /** Text as UTF-8: length, bytes, zero padding. Half a surrogate pair is refused. */
    public void writeString(String value) {
        byte[] bytes = Utf8.encode(value);
        writeInt(bytes.length);
        writeFixedBytes(bytes);
    }

    /** Bytes and zero padding, no length. */
    public void writeFixedBytes(byte[] bytes) {
        writeFixedBytes(bytes, 0, bytes.length);
    }

    @Override
    void writeFixedBytes(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        int padding = -length & 3;
        room((long) length + padding).put(bytes, offset, length);
        pad(padding);
    }

    /** The buffer's remaining bytes and zero padding, no length; the buffer's position stays. */
    @Override
    public void writeFixedBytes(ByteBuffer bytes) {
        int length = bytes.remaining();
        int padding = -length & 3;
        room((long) length + padding);
        copy(bytes);
        pad(padding);
    }

    /** The bytes of the buffer as they are, without length or padding: already encoded XDR. */
    public void writeRaw(ByteBuffer encoded) {
        room(encoded.remaining());
        copy(encoded);
    }

    /** There is room; the source does not move. */
    private void copy(ByteBuffer bytes) {
        int at = buffer.position();
        buffer.put(at, bytes, bytes.position(), bytes.remaining());
        buffer.position(at + bytes.remaining());
    }

    /** Bytes written so far. */
    public int position() {
        return buffer.position();
    }

    /**
     * Overwrites the integer at an offset, for lengths known only afterwards.
     *
     * @param offset 0 to four less than {@link #position}
     */
    public void setInt(int offset, int value) {
        Objects.checkFromIndexSize(offset, Integer.BYTES, position());
        buffer.putInt(offset, value);
    }

    /**
     * Takes back what was written behind a position, for example half a result whose encoding
     * failed.
     *
     * @param position 0 to {@link #position}
     */
    public void truncate(int position) {
        Objects.checkIndex(position, position() + 1);
        buffer.position(position);
    }

    /**
     * Takes everything back and keeps the memory for the next message. Buffers handed out before
     * share that memory.
     */
    public void clear() {
        buffer.clear();
    }

    /** What was written, ready to be read; shares the writer's memory. */
    public ByteBuffer toByteBuffer() {
        return buffer.duplicate().flip();
    }

    /**
     * What was written, ready to be read, as {@link #toByteBuffer}; but always in the same buffer,
     * which the next call moves, and which is of no more use once the writer was written to or
     * cleared: for those who send many messages one after the other.
     */
    public ByteBuffer view() {
        ByteBuffer same = view;
        if (same == null) {
            same = buffer.duplicate();
            view = same;
        }
        return same.clear().limit(buffer.position());
    }

    /** A copy of what was written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    /** A copy of what was written. */
    public Opaque toOpaque() {
        return Opaque.wrap(toByteArray());
    }

    private void pad(int padding) {
        for (int i = 0; i < padding; i++) {
            buffer.put((byte) 0);
        }
    }

    private ByteBuffer room(long bytes) {
        if (buffer.remaining() < bytes) {
            grow(buffer.position() + bytes);
        }
        return buffer;
    }

    private void grow(long wanted) {
        if (wanted > bytesMax) {
            throw new IllegalArgumentException(
                    "message of " + wanted + " bytes (limit " + bytesMax + ")");
        }
        long capacity = Math.min(Math.max(wanted, 2L * buffer.capacity()), bytesMax);
        buffer = ByteBuffer.allocate((int) capacity).put(buffer.flip());
        view = null;
    }
}
