package org.oncrpckit.xdr;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.dcache.oncrpc4j.xdr.BadXdrOncRpcException;
import org.dcache.oncrpc4j.xdr.XdrDecodingStream;

/**
 * oncrpc4j's view of {@link XdrReader}. Its methods carry no limits, so the bytes that are left are
 * the limit: an announced length or count that they cannot hold is refused before anything is
 * allocated.
 */
abstract class Oncrpc4jDecoding implements XdrDecodingStream {
    abstract int remaining();

    abstract int position();

    abstract int readInt() throws XdrException;

    abstract long readLong() throws XdrException;

    abstract boolean readBoolean() throws XdrException;

    abstract void readFixedBytes(byte[] target, int offset, int length) throws XdrException;

    abstract ByteBuffer readFixedSlice(int length) throws XdrException;

    /** Does nothing: the reader stands where decoding begins. */
    @Override
    public void beginDecoding() {}

    /** Does nothing: nothing needs to be given back. */
    @Override
    public void endDecoding() {}

    @Override
    public int xdrDecodeInt() throws BadXdrOncRpcException {
        try {
            return readInt();
        } catch (XdrException e) {
            throw BadXdr.of(e);
        }
    }

    @Override
    public long xdrDecodeLong() throws BadXdrOncRpcException {
        try {
            return readLong();
        } catch (XdrException e) {
            throw BadXdr.of(e);
        }
    }

    @Override
    public boolean xdrDecodeBoolean() throws BadXdrOncRpcException {
        try {
            return readBoolean();
        } catch (XdrException e) {
            throw BadXdr.of(e);
        }
    }

    @Override
    public byte xdrDecodeByte() throws BadXdrOncRpcException {
        return (byte) xdrDecodeInt();
    }

    @Override
    public short xdrDecodeShort() throws BadXdrOncRpcException {
        return (short) xdrDecodeInt();
    }

    @Override
    public float xdrDecodeFloat() throws BadXdrOncRpcException {
        return Float.intBitsToFloat(xdrDecodeInt());
    }

    @Override
    public double xdrDecodeDouble() throws BadXdrOncRpcException {
        return Double.longBitsToDouble(xdrDecodeLong());
    }

    @Override
    public byte[] xdrDecodeDynamicOpaque() throws BadXdrOncRpcException {
        return xdrDecodeOpaque(count(1));
    }

    @Override
    public byte[] xdrDecodeOpaque(int length) throws BadXdrOncRpcException {
        requireElements(length, 1);
        byte[] bytes = new byte[length];
        xdrDecodeOpaque(bytes, 0, length);
        return bytes;
    }

    @Override
    public void xdrDecodeOpaque(byte[] target, int offset, int length)
            throws BadXdrOncRpcException {
        Objects.checkFromIndexSize(offset, length, target.length);
        try {
            readFixedBytes(target, offset, length);
        } catch (XdrException e) {
            throw BadXdr.of(e);
        }
    }

    /** As in oncrpc4j, bytes that are not UTF-8 become replacement characters. */
    @Override
    public String xdrDecodeString() throws BadXdrOncRpcException {
        return new String(xdrDecodeDynamicOpaque(), StandardCharsets.UTF_8);
    }

    /** A read-only view; the bytes are not copied. */
    @Override
    public ByteBuffer xdrDecodeByteBuffer() throws BadXdrOncRpcException {
        int length = count(1);
        try {
            return readFixedSlice(length);
        } catch (XdrException e) {
            throw BadXdr.of(e);
        }
    }

    @Override
    public int[] xdrDecodeIntVector() throws BadXdrOncRpcException {
        return xdrDecodeIntFixedVector(count(Integer.BYTES));
    }

    @Override
    public int[] xdrDecodeIntFixedVector(int length) throws BadXdrOncRpcException {
        requireElements(length, Integer.BYTES);
        int[] values = new int[length];
        for (int i = 0; i < length; i++) {
            values[i] = xdrDecodeInt();
        }
        return values;
    }

    @Override
    public long[] xdrDecodeLongVector() throws BadXdrOncRpcException {
        return xdrDecodeLongFixedVector(count(Long.BYTES));
    }

    @Override
    public long[] xdrDecodeLongFixedVector(int length) throws BadXdrOncRpcException {
        requireElements(length, Long.BYTES);
        long[] values = new long[length];
        for (int i = 0; i < length; i++) {
            values[i] = xdrDecodeLong();
        }
        return values;
    }

    @Override
    public float[] xdrDecodeFloatVector() throws BadXdrOncRpcException {
        return xdrDecodeFloatFixedVector(count(Float.BYTES));
    }

    @Override
    public float[] xdrDecodeFloatFixedVector(int length) throws BadXdrOncRpcException {
        requireElements(length, Float.BYTES);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = xdrDecodeFloat();
        }
        return values;
    }

    @Override
    public double[] xdrDecodeDoubleVector() throws BadXdrOncRpcException {
        return xdrDecodeDoubleFixedVector(count(Double.BYTES));
    }

    @Override
    public double[] xdrDecodeDoubleFixedVector(int length) throws BadXdrOncRpcException {
        requireElements(length, Double.BYTES);
        double[] values = new double[length];
        for (int i = 0; i < length; i++) {
            values[i] = xdrDecodeDouble();
        }
        return values;
    }

    /** Each byte travels as an integer of its own: this is not opaque data. */
    @Override
    public byte[] xdrDecodeByteVector() throws BadXdrOncRpcException {
        return xdrDecodeByteFixedVector(count(Integer.BYTES));
    }

    @Override
    public byte[] xdrDecodeByteFixedVector(int length) throws BadXdrOncRpcException {
        requireElements(length, Integer.BYTES);
        byte[] values = new byte[length];
        for (int i = 0; i < length; i++) {
            values[i] = xdrDecodeByte();
        }
        return values;
    }

    @Override
    public short[] xdrDecodeShortVector() throws BadXdrOncRpcException {
        return xdrDecodeShortFixedVector(count(Integer.BYTES));
    }

    @Override
    public short[] xdrDecodeShortFixedVector(int length) throws BadXdrOncRpcException {
        requireElements(length, Integer.BYTES);
        short[] values = new short[length];
        for (int i = 0; i < length; i++) {
            values[i] = xdrDecodeShort();
        }
        return values;
    }

    /** Reads a count and checks that so many elements of a wire size can follow. */
    private int count(int elementBytes) throws BadXdrOncRpcException {
        int count = xdrDecodeInt();
        requireElements(count, elementBytes);
        return count;
    }

    private void requireElements(int count, int elementBytes) throws BadXdrOncRpcException {
        if (count < 0 || (long) count * elementBytes > remaining()) {
            throw BadXdr.of(
                    new XdrException(
                            "%s elements of %d bytes before offset %d (%d bytes left)"
                                    .formatted(
                                            Integer.toUnsignedString(count),
                                            elementBytes,
                                            position(),
                                            remaining())));
        }
    }
}
