package org.oncrpckit.rpc.server;

import org.oncrpckit.rpc.AuthFlavor;
import org.oncrpckit.rpc.AuthStatus;
import org.oncrpckit.rpc.AuthSys;
import org.oncrpckit.rpc.OpaqueAuth;
import org.oncrpckit.xdr.DerivedMemo;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrException;

/**
 * AUTH_SYS. Who calls again and again sends the same credential, so what it means is remembered.
 */
final class SysAuthenticator implements Authenticator {
    /** Credentials that are remembered; a power of two. */
    private static final int SLOTS = 256;

    private final DerivedMemo<Authentication> meanings =
            new DerivedMemo<>(SLOTS, SysAuthenticator::meaning);

    @Override
    public int flavor() {
        return AuthFlavor.SYS;
    }

    @Override
    public Authentication authenticate(Request request) {
        return meanings.get(request.header().credential().body());
    }

    private static Authentication meaning(Opaque body) {
        try {
            AuthSys claims = AuthSys.decode(new OpaqueAuth(AuthFlavor.SYS, body));
            return new Authentication.Accepted(new Credential.Sys(claims));
        } catch (XdrException e) {
            return new Authentication.Rejected(AuthStatus.AUTH_BADCRED);
        }
    }
}
