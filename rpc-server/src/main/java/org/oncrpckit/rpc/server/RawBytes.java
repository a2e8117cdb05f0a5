package org.oncrpckit.rpc.server;

import java.nio.ByteBuffer;
import org.oncrpckit.xdr.XdrCodec;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrWriter;

/** Encoded arguments or results as they are, whatever they mean. */
enum RawBytes implements XdrCodec<ByteBuffer> {
    /** The only one. */
    RAW_BYTES;

    @Override
    public void encode(XdrWriter writer, ByteBuffer encoded) {
        writer.writeRaw(encoded);
    }

    /** In memory of their own: the reader's may belong to the I/O thread. */
    @Override
    public ByteBuffer decode(XdrReader reader) {
        ByteBuffer encoded = reader.remainingBytes();
        return ByteBuffer.allocate(encoded.remaining()).put(encoded).flip();
    }
}
