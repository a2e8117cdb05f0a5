package org.oncrpckit.rpc;

import org.oncrpckit.xdr.XdrEnum;

/** Why authentication failed (RFC 5531 section 9, {@code auth_stat}). */
public enum AuthStatus implements XdrEnum {
    /** Nothing is wrong. */
    AUTH_OK(0),
    /** The credential is malformed: seal broken, too long. */
    AUTH_BADCRED(1),
    /** The client must begin a new session. */
    AUTH_REJECTEDCRED(2),
    /** The verifier is malformed. */
    AUTH_BADVERF(3),
    /** The verifier expired or was replayed. */
    AUTH_REJECTEDVERF(4),
    /** Rejected for security reasons; also the answer to an unsupported flavour. */
    AUTH_TOOWEAK(5),
    /** Found by the client: the server's verifier is bogus. */
    AUTH_INVALIDRESP(6),
    /** Some other reason. */
    AUTH_FAILED(7),
    /** AUTH_KERB: generic Kerberos error. */
    AUTH_KERB_GENERIC(8),
    /** AUTH_KERB: the credential expired. */
    AUTH_TIMEEXPIRE(9),
    /** AUTH_KERB: problem with the ticket file. */
    AUTH_TKT_FILE(10),
    /** AUTH_KERB: the authenticator cannot be decoded. */
    AUTH_DECODE(11),
    /** AUTH_KERB: wrong network address in the ticket. */
    AUTH_NET_ADDR(12),
    /** RPCSEC_GSS: no credentials for the user. */
    RPCSEC_GSS_CREDPROBLEM(13),
    /** RPCSEC_GSS: problem with the security context. */
    RPCSEC_GSS_CTXPROBLEM(14);

    private final int number;

    AuthStatus(int number) {
        this.number = number;
    }

    @Override
    public int number() {
        return number;
    }
}
