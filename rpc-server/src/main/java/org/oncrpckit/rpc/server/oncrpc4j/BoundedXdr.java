package org.oncrpckit.rpc.server.oncrpc4j;

import java.nio.ByteBuffer;
import org.dcache.oncrpc4j.xdr.BadXdrOncRpcException;
import org.dcache.oncrpc4j.xdr.Xdr;

/**
 * oncrpc4j's stream over a message, which does not believe announced lengths: what the rest of the
 * message cannot hold is bad data before anything is allocated for it.
 *
 * <p>A decoder that reads a count with {@link #xdrDecodeInt} and allocates by itself, as generated
 * code does for arrays of structures, is out of its reach.
 */
final class BoundedXdr extends Xdr {
    BoundedXdr(byte[] message) {
        super(message);
    }

    @Override
    public byte[] xdrDecodeDynamicOpaque() throws BadXdrOncRpcException {
        expectAnnounced(1);
        return super.xdrDecodeDynamicOpaque();
    }

    @Override
    public String xdrDecodeString() throws BadXdrOncRpcException {
        expectAnnounced(1);
        return super.xdrDecodeString();
    }

    @Override
    public ByteBuffer xdrDecodeByteBuffer() throws BadXdrOncRpcException {
        expectAnnounced(1);
        return super.xdrDecodeByteBuffer();
    }

    @Override
    public byte[] xdrDecodeOpaque(int length) throws BadXdrOncRpcException {
        expect(0, length, 1);
        return super.xdrDecodeOpaque(length);
    }

    @Override
    public void xdrDecodeOpaque(byte[] target, int offset, int length)
            throws BadXdrOncRpcException {
        expect(0, length, 1);
        super.xdrDecodeOpaque(target, offset, length);
    }

    @Override
    public int[] xdrDecodeIntVector() throws BadXdrOncRpcException {
        expectAnnounced(Integer.BYTES);
        return super.xdrDecodeIntVector();
    }

    @Override
    public int[] xdrDecodeIntFixedVector(int count) throws BadXdrOncRpcException {
        expect(0, count, Integer.BYTES);
        return super.xdrDecodeIntFixedVector(count);
    }

    @Override
    public long[] xdrDecodeLongVector() throws BadXdrOncRpcException {
        expectAnnounced(Long.BYTES);
        return super.xdrDecodeLongVector();
    }

    @Override
    public long[] xdrDecodeLongFixedVector(int count) throws BadXdrOncRpcException {
        expect(0, count, Long.BYTES);
        return super.xdrDecodeLongFixedVector(count);
    }

    @Override
    public float[] xdrDecodeFloatVector() throws BadXdrOncRpcException {
        expectAnnounced(Float.BYTES);
        return super.xdrDecodeFloatVector();
    }

    @Override
    public float[] xdrDecodeFloatFixedVector(int count) throws BadXdrOncRpcException {
        expect(0, count, Float.BYTES);
        return super.xdrDecodeFloatFixedVector(count);
    }

    @Override
    public double[] xdrDecodeDoubleVector() throws BadXdrOncRpcException {
        expectAnnounced(Double.BYTES);
        return super.xdrDecodeDoubleVector();
    }

    @Override
    public double[] xdrDecodeDoubleFixedVector(int count) throws BadXdrOncRpcException {
        expect(0, count, Double.BYTES);
        return super.xdrDecodeDoubleFixedVector(count);
    }

    /** Each byte travels as an integer of its own. */
    @Override
    public byte[] xdrDecodeByteVector() throws BadXdrOncRpcException {
        expectAnnounced(Integer.BYTES);
        return super.xdrDecodeByteVector();
    }

    @Override
    public byte[] xdrDecodeByteFixedVector(int count) throws BadXdrOncRpcException {
        expect(0, count, Integer.BYTES);
        return super.xdrDecodeByteFixedVector(count);
    }

    @Override
    public short[] xdrDecodeShortVector() throws BadXdrOncRpcException {
        expectAnnounced(Integer.BYTES);
        return super.xdrDecodeShortVector();
    }

    @Override
    public short[] xdrDecodeShortFixedVector(int count) throws BadXdrOncRpcException {
        expect(0, count, Integer.BYTES);
        return super.xdrDecodeShortFixedVector(count);
    }

    /** Fails unless the count that comes next, and as many elements behind it, are there. */
    private void expectAnnounced(int elementBytes) throws BadXdrOncRpcException {
        if (_buffer.remaining() >= Integer.BYTES) {
            expect(Integer.BYTES, _buffer.getInt(_buffer.position()), elementBytes);
        }
    }

    private void expect(int before, int count, int elementBytes) throws BadXdrOncRpcException {
        if (count < 0 || before + (long) count * elementBytes > _buffer.remaining()) {
            throw tooShort();
        }
    }

    /** Only oncrpc4j itself can make one of these. */
    private BadXdrOncRpcException tooShort() {
        _buffer.position(_buffer.limit());
        try {
            throw new AssertionError("read behind the end: " + super.xdrDecodeInt());
        } catch (BadXdrOncRpcException e) {
            return e;
        }
    }
}
