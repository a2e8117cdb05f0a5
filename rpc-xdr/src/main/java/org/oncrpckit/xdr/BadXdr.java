package org.oncrpckit.xdr;

import org.dcache.oncrpc4j.xdr.BadXdrOncRpcException;
import org.dcache.oncrpc4j.xdr.Xdr;

/**
 * Bad data in oncrpc4j's terms. Nobody outside its package can construct a {@link
 * BadXdrOncRpcException}, so one is provoked, and our exception rides along as its cause.
 */
final class BadXdr {
    private static final byte[] NO_BYTES = {};

    private BadXdr() {}

    static BadXdrOncRpcException of(XdrException cause) {
        try (Xdr empty = new Xdr(NO_BYTES)) {
            empty.beginDecoding();
            throw new AssertionError("integer " + empty.xdrDecodeInt() + " out of no bytes");
        } catch (BadXdrOncRpcException e) {
            e.initCause(cause);
            return e;
        }
    }
}
