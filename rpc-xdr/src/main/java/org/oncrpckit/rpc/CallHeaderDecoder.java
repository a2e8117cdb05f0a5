package org.oncrpckit.rpc;

import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;

/** Reads call headers and tells what must be denied from what must be dropped. */
final class CallHeaderDecoder {
    private static final VersionRange SPOKEN =
            new VersionRange(RpcMessages.RPC_VERSION, RpcMessages.RPC_VERSION);

    private CallHeaderDecoder() {}

    static IncomingCall decode(XdrReader reader, CallHeaderMemo memo) throws XdrException {
        int xid = reader.readInt();
        int type = reader.readInt();
        if (type != MessageType.CALL.number()) {
            throw new XdrException("message type " + type + " at offset 4 (expected: 0, a call)");
        }
        if (reader.readInt() != RpcMessages.RPC_VERSION) {
            return new DeniedCall(new ReplyHeader.RpcMismatch(xid, SPOKEN));
        }
        ProgramVersion programVersion = memo.programVersion(reader.readInt(), reader.readInt());
        int procedure = reader.readInt();
        OpaqueAuth credential = OpaqueAuth.decodeOrNull(reader, memo);
        if (credential == null) {
            return denied(xid, AuthStatus.AUTH_BADCRED);
        }
        OpaqueAuth verifier = OpaqueAuth.decodeOrNull(reader, memo);
        if (verifier == null) {
            return denied(xid, AuthStatus.AUTH_BADVERF);
        }
        return new CallHeader(xid, programVersion, procedure, credential, verifier);
    }

    private static DeniedCall denied(int xid, AuthStatus status) {
        return new DeniedCall(new ReplyHeader.AuthError(xid, status));
    }
}
