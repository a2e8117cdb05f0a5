package org.oncrpckit.xdr;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Writes XDR (RFC 4506) into a buffer that grows up to a limit. Not thread-safe. */
public final class XdrWriter {
    /** Initial capacity in bytes unless another is given: a small message fits. */
    public static final int DEFAULT_CAPACITY_BYTES = 256;

    private ByteBuffer buffer;

    /** A writer with room for a small message. */
    public XdrWriter() {
        this(DEFAULT_CAPACITY_BYTES);
    }

    /** A writer with room for {@code capacityBytes} before it grows. */
    public XdrWriter(int capacityBytes) {
        buffer = ByteBuffer.allocate(capacityBytes);
    }

    /** A 32-bit integer, signed or unsigned bits. */
    public void writeInt(int value) {
        room(Integer.BYTES).putInt(value);
    }

    /** A 64-bit integer, signed or unsigned bits. */
    public void writeLong(long value) {
        room(Long.BYTES).putLong(value);
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

    /** Bytes and zero padding, no length. */
    public void writeFixedBytes(byte[] bytes) {
        int padding = -bytes.length & 3;
        room(bytes.length + padding).put(bytes);
        for (int i = 0; i < padding; i++) {
            buffer.put((byte) 0);
        }
    }

    /** The bytes of the buffer as they are, without length or padding: already encoded XDR. */
    public void writeRaw(ByteBuffer encoded) {
        room(encoded.remaining()).put(encoded.duplicate());
    }

    /** Bytes written so far. */
    public int position() {
        return buffer.position();
    }

    /** Overwrites the integer at an offset, for lengths known only afterwards. */
    public void setInt(int offset, int value) {
        buffer.putInt(offset, value);
    }

    /** What was written, ready to be read; shares the writer's memory. */
    public ByteBuffer toByteBuffer() {
        return buffer.duplicate().flip();
    }

    /** A copy of what was written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    /** A copy of what was written. */
    public Opaque toOpaque() {
        return Opaque.wrap(toByteArray());
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            int wanted = Math.max(buffer.capacity() * 2, buffer.position() + bytes);
            buffer = ByteBuffer.allocate(wanted).put(buffer.flip());
        }
        return buffer;
    }
}
