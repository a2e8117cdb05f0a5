package org.oncrpckit.rpc;

/** Numbers of authentication flavours (RFC 5531 section 8.2 and the IANA registry). */
public final class AuthFlavor {
    /** AUTH_NONE: the caller does not say who it is. */
    public static final int NONE = 0;

    /** AUTH_SYS: user and group numbers that the caller claims. */
    public static final int SYS = 1;

    /** AUTH_SHORT: a server's shorthand for an earlier credential. */
    public static final int SHORT = 2;

    /** RPCSEC_GSS (RFC 2203). */
    public static final int RPCSEC_GSS = 6;

    /** AUTH_TLS: asks for a TLS session (RFC 9289). */
    public static final int TLS = 7;

    private AuthFlavor() {}
}
