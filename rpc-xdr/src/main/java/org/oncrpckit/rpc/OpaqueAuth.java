package org.oncrpckit.rpc;

import java.util.Objects;
import org.oncrpckit.xdr.Opaque;

/**
 * A credential or verifier as it travels: flavour and up to 400 opaque bytes (RFC 5531 section
 * 8.2).
 *
 * @param flavor the number of the flavour, see {@link AuthFlavor}
 * @param body the flavour's own bytes, at most {@link #BODY_BYTES_MAX}
 */
public record OpaqueAuth(int flavor, Opaque body) {
    /** Longest body that RFC 5531 allows. */
    public static final int BODY_BYTES_MAX = 400;

    /** AUTH_NONE with an empty body. */
    public static final OpaqueAuth NONE = new OpaqueAuth(0, Opaque.EMPTY);

    /** Checks the length of the body. */
    public OpaqueAuth {
        Objects.requireNonNull(body, "body");
        if (body.length() > BODY_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "auth body of " + body.length() + " bytes (limit " + BODY_BYTES_MAX + ")");
        }
    }
}
