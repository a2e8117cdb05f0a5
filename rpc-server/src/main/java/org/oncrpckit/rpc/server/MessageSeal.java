package org.oncrpckit.rpc.server;

import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrWriter;

/**
 * What an authentication flavour wraps around arguments and results: checksums or encryption
 * (RPCSEC_GSS integrity and privacy). One for each call; used by one thread at a time.
 */
public interface MessageSeal {
    /** Nothing is wrapped. */
    MessageSeal NONE =
            new MessageSeal() {
                @Override
                public XdrReader open(XdrReader arguments) {
                    return arguments;
                }

                @Override
                public void close(XdrWriter writer, int start) {}
            };

    /**
     * The arguments inside.
     *
     * @throws XdrException when the wrapping is broken; the reply is GARBAGE_ARGS (RFC 2203 section
     *     5.3.3.4.2)
     */
    XdrReader open(XdrReader arguments) throws XdrException;

    /**
     * Replaces the results, which lie from {@code start} to the writer's position, by wrapped ones.
     */
    void close(XdrWriter writer, int start);
}
