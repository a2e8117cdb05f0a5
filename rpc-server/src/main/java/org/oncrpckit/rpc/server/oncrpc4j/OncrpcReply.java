package org.oncrpckit.rpc.server.oncrpc4j;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.dcache.oncrpc4j.rpc.RpcAccepsStatus;
import org.dcache.oncrpc4j.rpc.RpcReplyStatus;
import org.dcache.oncrpc4j.xdr.Xdr;
import org.dcache.oncrpc4j.xdr.XdrAble;
import org.oncrpckit.rpc.AcceptStatus;
import org.oncrpckit.rpc.OpaqueAuth;
import org.oncrpckit.rpc.ReplyHeader;
import org.oncrpckit.rpc.server.RawReply;
import org.oncrpckit.xdr.XdrCodec;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrWriter;

/**
 * Replies of oncrpc4j in our terms. Its bodies have no getters, so they are encoded and read again.
 * What makes no sense, RPC_MISMATCH to a call of version 2 for example, becomes SYSTEM_ERR.
 */
final class OncrpcReply {
    private static final RawReply NONSENSE = new RawReply.Failed(AcceptStatus.SYSTEM_ERR);

    /**
     * Encodes into oncrpc4j's own class, as types may cast the stream to it, and in memory of its
     * own: a service may answer while another thread of it still reads the request.
     */
    private static final XdrCodec<XdrAble> RESULTS =
            new XdrCodec<>() {
                @Override
                public void encode(XdrWriter writer, XdrAble value) {
                    writer.writeRaw(ByteBuffer.wrap(encoded(value)));
                }

                @Override
                public XdrAble decode(XdrReader reader) throws XdrException {
                    throw new XdrException("results are not decoded here");
                }
            };

    private OncrpcReply() {}

    /** The reply to an accepted call: a status of {@link RpcAccepsStatus} and what follows it. */
    static RawReply accepted(int status, XdrAble body) {
        return status == RpcAccepsStatus.SUCCESS
                ? new RawReply.Results<>(RESULTS, body)
                : read(status, RpcReplyStatus.MSG_ACCEPTED, encoded(body));
    }

    /** The reply to a denied call. */
    static RawReply denied(int status, XdrAble reason) {
        return read(status, RpcReplyStatus.MSG_DENIED, encoded(reason));
    }

    /** A whole message. Its verifier is dropped: the server has its own. */
    static RawReply parse(int xid, byte[] message) {
        XdrReader reader = XdrReader.of(ByteBuffer.wrap(message));
        try {
            ReplyHeader header = ReplyHeader.decode(reader);
            if (header.xid() != xid) {
                return NONSENSE;
            }
            return header instanceof ReplyHeader.Accepted accepted
                            && accepted.status() == AcceptStatus.SUCCESS
                    ? RawReply.Results.ofBytes(ByteBuffer.wrap(message).position(reader.position()))
                    : withoutResults(header);
        } catch (XdrException e) {
            return NONSENSE;
        }
    }

    /** Puts a header in front of what follows a status, and reads both. */
    private static RawReply read(int status, int kind, byte[] rest) {
        XdrWriter writer = new XdrWriter();
        writer.writeInt(0);
        writer.writeInt(1);
        writer.writeInt(kind);
        if (kind == RpcReplyStatus.MSG_ACCEPTED) {
            OpaqueAuth.NONE.encode(writer);
        }
        writer.writeInt(status);
        writer.writeRaw(ByteBuffer.wrap(rest));
        try {
            return withoutResults(ReplyHeader.decode(XdrReader.of(writer.toByteBuffer())));
        } catch (XdrException e) {
            return NONSENSE;
        }
    }

    private static RawReply withoutResults(ReplyHeader header) {
        if (header instanceof ReplyHeader.Accepted accepted) {
            return new RawReply.Failed(accepted.status());
        } else if (header instanceof ReplyHeader.ProgramMismatch mismatch) {
            return new RawReply.Mismatch(mismatch.supported());
        } else if (header instanceof ReplyHeader.AuthError error) {
            return new RawReply.Refused(error.status());
        }
        return NONSENSE;
    }

    private static byte[] encoded(XdrAble value) {
        Xdr xdr = new Xdr(Xdr.INITIAL_XDR_SIZE);
        xdr.beginEncoding();
        try {
            value.xdrEncode(xdr);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot encode " + value.getClass().getName(), e);
        }
        xdr.endEncoding();
        return xdr.getBytes();
    }
}
