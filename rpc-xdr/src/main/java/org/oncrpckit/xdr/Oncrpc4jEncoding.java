package org.oncrpckit.xdr;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.dcache.oncrpc4j.xdr.XdrEncodingStream;
import org.jspecify.annotations.Nullable;

/** oncrpc4j's view of {@link XdrWriter}. Padding is always written as zeros. */
abstract class Oncrpc4jEncoding implements XdrEncodingStream {
    abstract void writeInt(int value);

    abstract void writeLong(long value);

    abstract void writeFixedBytes(byte[] bytes, int offset, int length);

    abstract void writeFixedBytes(ByteBuffer bytes);

    /** Does nothing: the writer stands where encoding begins. */
    @Override
    public void beginEncoding() {}

    /** Does nothing: what was written can be read at any time. */
    @Override
    public void endEncoding() {}

    @Override
    public void xdrEncodeInt(int value) {
        writeInt(value);
    }

    @Override
    public void xdrEncodeLong(long value) {
        writeLong(value);
    }

    @Override
    public void xdrEncodeBoolean(boolean value) {
        writeInt(value ? 1 : 0);
    }

    @Override
    public void xdrEncodeByte(byte value) {
        writeInt(value);
    }

    @Override
    public void xdrEncodeShort(short value) {
        writeInt(value);
    }

    @Override
    public void xdrEncodeFloat(float value) {
        writeInt(Float.floatToRawIntBits(value));
    }

    @Override
    public void xdrEncodeDouble(double value) {
        writeLong(Double.doubleToRawLongBits(value));
    }

    @Override
    public void xdrEncodeDynamicOpaque(byte[] bytes) {
        writeInt(bytes.length);
        writeFixedBytes(bytes, 0, bytes.length);
    }

    @Override
    public void xdrEncodeOpaque(byte[] bytes, int length) {
        writeFixedBytes(bytes, 0, length);
    }

    @Override
    public void xdrEncodeOpaque(byte[] bytes, int offset, int length) {
        writeFixedBytes(bytes, offset, length);
    }

    /** As in oncrpc4j, null is written as the empty string. */
    @Override
    public void xdrEncodeString(@Nullable String value) {
        xdrEncodeDynamicOpaque((value == null ? "" : value).getBytes(StandardCharsets.UTF_8));
    }

    /** As in oncrpc4j, the buffer's position moves to its limit. */
    @Override
    public void xdrEncodeByteBuffer(ByteBuffer bytes) {
        writeInt(bytes.remaining());
        writeFixedBytes(bytes);
        bytes.position(bytes.limit());
    }

    @Override
    public void xdrEncodeIntVector(int[] values) {
        writeInt(values.length);
        xdrEncodeIntFixedVector(values, values.length);
    }

    @Override
    public void xdrEncodeIntFixedVector(int[] values, int length) {
        requireLength(values.length, length);
        for (int value : values) {
            writeInt(value);
        }
    }

    @Override
    public void xdrEncodeLongVector(long[] values) {
        writeInt(values.length);
        xdrEncodeLongFixedVector(values, values.length);
    }

    @Override
    public void xdrEncodeLongFixedVector(long[] values, int length) {
        requireLength(values.length, length);
        for (long value : values) {
            writeLong(value);
        }
    }

    @Override
    public void xdrEncodeFloatVector(float[] values) {
        writeInt(values.length);
        xdrEncodeFloatFixedVector(values, values.length);
    }

    @Override
    public void xdrEncodeFloatFixedVector(float[] values, int length) {
        requireLength(values.length, length);
        for (float value : values) {
            xdrEncodeFloat(value);
        }
    }

    @Override
    public void xdrEncodeDoubleVector(double[] values) {
        writeInt(values.length);
        xdrEncodeDoubleFixedVector(values, values.length);
    }

    @Override
    public void xdrEncodeDoubleFixedVector(double[] values, int length) {
        requireLength(values.length, length);
        for (double value : values) {
            xdrEncodeDouble(value);
        }
    }

    /** Each byte travels as an integer of its own: this is not opaque data. */
    @Override
    public void xdrEncodeByteVector(byte[] values) {
        writeInt(values.length);
        xdrEncodeByteFixedVector(values, values.length);
    }

    @Override
    public void xdrEncodeByteFixedVector(byte[] values, int length) {
        requireLength(values.length, length);
        for (byte value : values) {
            writeInt(value);
        }
    }

    @Override
    public void xdrEncodeShortVector(short[] values) {
        writeInt(values.length);
        xdrEncodeShortFixedVector(values, values.length);
    }

    @Override
    public void xdrEncodeShortFixedVector(short[] values, int length) {
        requireLength(values.length, length);
        for (short value : values) {
            writeInt(value);
        }
    }

    private static void requireLength(int length, int expected) {
        if (length != expected) {
            throw new IllegalArgumentException(
                    "array of " + length + " elements (expected: " + expected + ")");
        }
    }
}
