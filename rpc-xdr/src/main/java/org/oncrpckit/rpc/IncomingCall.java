package org.oncrpckit.rpc;

import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;

/**
 * A call as a server meets it: either a header that can be dispatched, or one that RFC 5531 section
 * 9 wants denied before anything is looked up.
 */
public sealed interface IncomingCall permits CallHeader, DeniedCall {
    /** The transaction id to answer with. */
    int xid();

    /**
     * Reads the header of a call.
     *
     * <p>A {@link CallHeader} leaves the reader at the first byte of the arguments. A {@link
     * DeniedCall} means that another RPC version was asked for (then the rest has an unknown
     * layout), or that the credential or verifier is malformed: longer than {@link
     * OpaqueAuth#BODY_BYTES_MAX}, or with padding that is not zero. The reader then stands
     * somewhere within the header.
     *
     * @throws XdrException when the message is not a call or ends before its header does: there is
     *     nothing to answer, the message is to be dropped
     */
    static IncomingCall decode(XdrReader reader) throws XdrException {
        return decode(reader, CallHeaderMemo.NONE);
    }

    /**
     * As {@link #decode(XdrReader)}, for those who read many.
     *
     * @param memo parts of headers that have come before
     */
    static IncomingCall decode(XdrReader reader, CallHeaderMemo memo) throws XdrException {
        return CallHeaderDecoder.decode(reader, memo);
    }
}
