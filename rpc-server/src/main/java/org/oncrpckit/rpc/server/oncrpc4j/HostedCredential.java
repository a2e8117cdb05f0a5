package org.oncrpckit.rpc.server.oncrpc4j;

import java.nio.charset.StandardCharsets;
import javax.security.auth.Subject;
import org.dcache.oncrpc4j.rpc.RpcAuth;
import org.dcache.oncrpc4j.rpc.RpcAuthTypeNone;
import org.dcache.oncrpc4j.rpc.RpcAuthTypeUnix;
import org.dcache.oncrpc4j.rpc.RpcAuthVerifier;
import org.dcache.oncrpc4j.xdr.XdrDecodingStream;
import org.dcache.oncrpc4j.xdr.XdrEncodingStream;
import org.oncrpckit.rpc.AuthFlavor;
import org.oncrpckit.rpc.AuthSys;
import org.oncrpckit.rpc.OpaqueAuth;
import org.oncrpckit.rpc.server.CallContext;
import org.oncrpckit.rpc.server.Credential;

/**
 * The credential of a flavour that oncrpc4j does not know: nothing but its number. What it means is
 * in the {@link CallContext} of the {@link HostedTransport}.
 */
record HostedCredential(OpaqueAuth travelled) implements RpcAuth {
    private static final byte[] EMPTY = {};

    /** Who calls, in oncrpc4j's terms. */
    static RpcAuth of(CallContext call) {
        Credential credential = call.credential();
        if (credential instanceof Credential.Sys sys) {
            AuthSys claims = sys.claims();
            return new RpcAuthTypeUnix(
                    claims.uid(),
                    claims.gid(),
                    claims.gids().stream().mapToInt(Integer::intValue).toArray(),
                    claims.stamp(),
                    new String(claims.machineName().toByteArray(), StandardCharsets.UTF_8));
        }
        return credential.flavor() == AuthFlavor.NONE
                ? new RpcAuthTypeNone()
                : new HostedCredential(call.header().credential());
    }

    @Override
    public int type() {
        return travelled.flavor();
    }

    @Override
    public RpcAuthVerifier getVerifier() {
        return new RpcAuthVerifier(AuthFlavor.NONE, EMPTY);
    }

    @Override
    public Subject getSubject() {
        return new Subject();
    }

    @Override
    public void xdrEncode(XdrEncodingStream stream) {
        throw new UnsupportedOperationException("a credential of flavour " + type());
    }

    @Override
    public void xdrDecode(XdrDecodingStream stream) {
        throw new UnsupportedOperationException("a credential of flavour " + type());
    }
}
