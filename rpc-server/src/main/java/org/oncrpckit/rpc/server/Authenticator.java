package org.oncrpckit.rpc.server;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.oncrpckit.rpc.AuthFlavor;
import org.oncrpckit.rpc.CallHeader;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.xdr.XdrReader;

/**
 * Understands one authentication flavour (RFC 5531 section 8.2). A call of a flavour that nobody
 * understands is answered AUTH_ERROR with AUTH_REJECTEDCRED and never dispatched. Thread-safe.
 */
public interface Authenticator {
    /**
     * A call as it came.
     *
     * @param header the decoded header
     * @param message the whole message from its xid on; neither moved nor kept
     * @param arguments stands at the arguments; only {@link Authentication.Answered} may follow
     *     after it was moved
     * @param peer transport source address
     * @param endpoint where it arrived
     */
    record Request(
            CallHeader header,
            ByteBuffer message,
            XdrReader arguments,
            SocketAddress peer,
            Endpoint endpoint) {}

    /** AUTH_NONE. Whatever the body says is ignored, as RFC 5531 section 10.1 leaves it open. */
    Authenticator NONE =
            new Authenticator() {
                private final Authentication accepted =
                        new Authentication.Accepted(Credential.None.NONE);

                @Override
                public int flavor() {
                    return AuthFlavor.NONE;
                }

                @Override
                public Authentication authenticate(Request request) {
                    return accepted;
                }
            };

    /** AUTH_SYS; a malformed body is AUTH_BADCRED. */
    Authenticator SYS = new SysAuthenticator();

    /** The number of the flavour, see {@link AuthFlavor}. */
    int flavor();

    /** Decides on one call, on the I/O thread: must not block. What it throws is AUTH_FAILED. */
    Authentication authenticate(Request request);
}
