package org.oncrpckit.rpc;

import java.util.Objects;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrWriter;

/**
 * The header of a call of RPC version 2 (RFC 5531 section 9):
 *
 * <pre>
 *  0        4        8        12       16       20       24
 * +--------+--------+--------+--------+--------+--------+------------+----------+-----------
 * | xid    | 0 call | rpc 2  | program| version| proc.  | credential | verifier | arguments
 * +--------+--------+--------+--------+--------+--------+------------+----------+-----------
 * </pre>
 *
 * @param xid transaction id, chosen by the caller
 * @param programVersion the program and its version
 * @param procedure number of the procedure, as unsigned bits
 * @param credential who the caller says it is
 * @param verifier what proves it
 */
public record CallHeader(
        int xid,
        ProgramVersion programVersion,
        int procedure,
        OpaqueAuth credential,
        OpaqueAuth verifier)
        implements IncomingCall {
    /** Checks that nothing is missing. */
    public CallHeader {
        Objects.requireNonNull(programVersion, "programVersion");
        Objects.requireNonNull(credential, "credential");
        Objects.requireNonNull(verifier, "verifier");
    }

    /** A header without authentication. */
    public CallHeader(int xid, ProgramVersion programVersion, int procedure) {
        this(xid, programVersion, procedure, OpaqueAuth.NONE, OpaqueAuth.NONE);
    }

    /**
     * Reads a header that must be well-formed and leaves the reader at the arguments. Servers,
     * which have to answer some malformed ones, use {@link IncomingCall#decode}.
     *
     * @throws XdrException when the message is not a call of RPC version 2 with valid credentials
     */
    public static CallHeader decode(XdrReader reader) throws XdrException {
        IncomingCall call = IncomingCall.decode(reader);
        if (call instanceof CallHeader header) {
            return header;
        }
        throw new XdrException("call that deserves " + ((DeniedCall) call).denial());
    }

    /** Appends the header; the arguments follow it. */
    public void encode(XdrWriter writer) {
        writer.writeInt(xid);
        writer.writeInt(MessageType.CALL.number());
        writer.writeInt(RpcMessages.RPC_VERSION);
        writer.writeInt(programVersion.program());
        writer.writeInt(programVersion.version());
        writer.writeInt(procedure);
        credential.encode(writer);
        verifier.encode(writer);
    }
}
