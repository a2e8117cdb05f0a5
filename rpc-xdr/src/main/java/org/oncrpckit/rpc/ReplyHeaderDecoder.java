package org.oncrpckit.rpc;

import org.oncrpckit.xdr.XdrCodec;
import org.oncrpckit.xdr.XdrCodecs;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;

/** Reads reply headers; also holds the two discriminants that have no enum of their own. */
final class ReplyHeaderDecoder {
    static final int ACCEPTED = 0;
    static final int DENIED = 1;

    static final int RPC_MISMATCH = 0;
    static final int AUTH_ERROR = 1;

    private static final XdrCodec<AcceptStatus> ACCEPT_STATUS =
            XdrCodecs.enumeration(AcceptStatus.class);
    private static final XdrCodec<AuthStatus> AUTH_STATUS = XdrCodecs.enumeration(AuthStatus.class);

    private ReplyHeaderDecoder() {}

    static ReplyHeader decode(XdrReader reader) throws XdrException {
        int xid = reader.readInt();
        int type = reader.readInt();
        if (type != MessageType.REPLY.number()) {
            throw new XdrException("message type " + type + " at offset 4 (expected: 1, a reply)");
        }
        int status = reader.readInt();
        return switch (status) {
            case ACCEPTED -> decodeAccepted(xid, reader);
            case DENIED -> decodeDenied(xid, reader);
            default -> throw new XdrException("reply status " + status + " (expected: 0 or 1)");
        };
    }

    private static ReplyHeader decodeAccepted(int xid, XdrReader reader) throws XdrException {
        OpaqueAuth verifier = OpaqueAuth.decode(reader);
        AcceptStatus status = ACCEPT_STATUS.decode(reader);
        return status == AcceptStatus.PROG_MISMATCH
                ? new ReplyHeader.ProgramMismatch(xid, verifier, decodeRange(reader))
                : new ReplyHeader.Accepted(xid, verifier, status);
    }

    private static ReplyHeader decodeDenied(int xid, XdrReader reader) throws XdrException {
        int reason = reader.readInt();
        return switch (reason) {
            case RPC_MISMATCH -> new ReplyHeader.RpcMismatch(xid, decodeRange(reader));
            case AUTH_ERROR -> new ReplyHeader.AuthError(xid, AUTH_STATUS.decode(reader));
            default -> throw new XdrException("reject status " + reason + " (expected: 0 or 1)");
        };
    }

    private static VersionRange decodeRange(XdrReader reader) throws XdrException {
        return new VersionRange(reader.readInt(), reader.readInt());
    }
}
