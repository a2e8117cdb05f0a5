package org.oncrpckit.rpc.server;

import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.AuthFlavor;
import org.oncrpckit.rpc.AuthStatus;
import org.oncrpckit.rpc.AuthSys;
import org.oncrpckit.rpc.OpaqueAuth;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrException;

/**
 * AUTH_SYS. Who calls again and again sends the same credential, so the last ones are remembered
 * together with what they mean: at most {@link #SLOTS}, and a new one takes the place of the one in
 * its slot. Takes no lock: what is remembered is immutable, and a race only costs one decoding.
 */
final class SysAuthenticator implements Authenticator {
    /** Credentials that are remembered; a power of two. */
    private static final int SLOTS = 256;

    private record Known(Opaque body, Authentication meaning) {}

    private final @Nullable Known[] slots = new Known[SLOTS];

    @Override
    public int flavor() {
        return AuthFlavor.SYS;
    }

    @Override
    public Authentication authenticate(Request request) {
        OpaqueAuth credential = request.header().credential();
        Opaque body = credential.body();
        int slot = body.hashCode() & (SLOTS - 1);
        Known known = slots[slot];
        if (known != null && known.body().equals(body)) {
            return known.meaning();
        }
        try {
            Authentication meaning =
                    new Authentication.Accepted(new Credential.Sys(AuthSys.decode(credential)));
            slots[slot] = new Known(body, meaning);
            return meaning;
        } catch (XdrException e) {
            return new Authentication.Rejected(AuthStatus.AUTH_BADCRED);
        }
    }
}
