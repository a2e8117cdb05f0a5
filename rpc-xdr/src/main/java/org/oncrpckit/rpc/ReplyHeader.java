package org.oncrpckit.rpc;

import java.util.Objects;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrWriter;

/**
 * The header of a reply (RFC 5531 section 9):
 *
 * <pre>
 *  0        4         8
 * +--------+---------+------------+----------+---------------+---------------------------
 * | xid    | 1 reply | 0 accepted | verifier | accept status | results, or low and high
 * +--------+---------+------------+----------+---------------+---------------------------
 * | xid    | 1 reply | 1 denied   | 0 rpc mismatch           | low | high
 * +--------+---------+------------+--------------------------+---------------------------
 * | xid    | 1 reply | 1 denied   | 1 auth error             | auth status
 * +--------+---------+------------+--------------------------+---------------------------
 * </pre>
 */
public sealed interface ReplyHeader {
    /** The transaction id of the call that is answered. */
    int xid();

    /** Appends the header; results, if any, follow it. */
    void encode(XdrWriter writer);

    /** A reply that says the call was executed, without a verifier; results follow it. */
    static Accepted success(int xid) {
        return new Accepted(xid, OpaqueAuth.NONE, AcceptStatus.SUCCESS);
    }

    /**
     * Reads the header of a reply. After {@link AcceptStatus#SUCCESS} the reader stands at the
     * results; whatever follows any other header is not looked at.
     *
     * @throws XdrException when the message is not a reply, ends too early, or has an unknown
     *     status or a malformed verifier
     */
    static ReplyHeader decode(XdrReader reader) throws XdrException {
        return ReplyHeaderDecoder.decode(reader);
    }

    /**
     * The server accepted the call and says what became of it.
     *
     * @param xid transaction id of the call
     * @param verifier proves who the server is
     * @param status any but {@link AcceptStatus#PROG_MISMATCH}, which is a {@link ProgramMismatch}
     */
    record Accepted(int xid, OpaqueAuth verifier, AcceptStatus status) implements ReplyHeader {
        /** Checks the status. */
        public Accepted {
            Objects.requireNonNull(verifier, "verifier");
            Objects.requireNonNull(status, "status");
            if (status == AcceptStatus.PROG_MISMATCH) {
                throw new IllegalArgumentException("PROG_MISMATCH needs a version range");
            }
        }

        @Override
        public void encode(XdrWriter writer) {
            encodeAccepted(writer, xid, verifier, status);
        }
    }

    /**
     * PROG_MISMATCH: the server has the program, not this version of it.
     *
     * @param xid transaction id of the call
     * @param verifier proves who the server is
     * @param supported the versions that the server has
     */
    record ProgramMismatch(int xid, OpaqueAuth verifier, VersionRange supported)
            implements ReplyHeader {
        /** Checks that nothing is missing. */
        public ProgramMismatch {
            Objects.requireNonNull(verifier, "verifier");
            Objects.requireNonNull(supported, "supported");
        }

        @Override
        public void encode(XdrWriter writer) {
            encodeAccepted(writer, xid, verifier, AcceptStatus.PROG_MISMATCH);
            writer.writeInt(supported.low());
            writer.writeInt(supported.high());
        }
    }

    /** The server refused to look at the call: wrong RPC version or failed authentication. */
    sealed interface Denied extends ReplyHeader {}

    /**
     * RPC_MISMATCH: the server does not speak this version of RPC itself.
     *
     * @param xid transaction id of the call
     * @param supported the versions of RPC that the server speaks
     */
    record RpcMismatch(int xid, VersionRange supported) implements Denied {
        /** Checks that nothing is missing. */
        public RpcMismatch {
            Objects.requireNonNull(supported, "supported");
        }

        @Override
        public void encode(XdrWriter writer) {
            encodeDenied(writer, xid, ReplyHeaderDecoder.RPC_MISMATCH);
            writer.writeInt(supported.low());
            writer.writeInt(supported.high());
        }
    }

    /**
     * AUTH_ERROR: the server does not accept the credential or verifier.
     *
     * @param xid transaction id of the call
     * @param status why
     */
    record AuthError(int xid, AuthStatus status) implements Denied {
        /** Checks that nothing is missing. */
        public AuthError {
            Objects.requireNonNull(status, "status");
        }

        @Override
        public void encode(XdrWriter writer) {
            encodeDenied(writer, xid, ReplyHeaderDecoder.AUTH_ERROR);
            writer.writeInt(status.number());
        }
    }

    private static void encodeAccepted(
            XdrWriter writer, int xid, OpaqueAuth verifier, AcceptStatus status) {
        writer.writeInt(xid);
        writer.writeInt(MessageType.REPLY.number());
        writer.writeInt(ReplyHeaderDecoder.ACCEPTED);
        verifier.encode(writer);
        writer.writeInt(status.number());
    }

    private static void encodeDenied(XdrWriter writer, int xid, int reason) {
        writer.writeInt(xid);
        writer.writeInt(MessageType.REPLY.number());
        writer.writeInt(ReplyHeaderDecoder.DENIED);
        writer.writeInt(reason);
    }
}
