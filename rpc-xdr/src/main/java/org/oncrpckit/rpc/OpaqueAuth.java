package org.oncrpckit.rpc;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrWriter;

/**
 * A credential or verifier as it travels: flavour and up to 400 opaque bytes (RFC 5531 section
 * 8.2).
 *
 * <pre>
 *  0        4        8
 * +--------+--------+-----------------+---------+
 * | flavor | length | body (0 to 400) | padding |
 * +--------+--------+-----------------+---------+
 * </pre>
 *
 * @param flavor the number of the flavour, see {@link AuthFlavor}
 * @param body the flavour's own bytes, at most {@link #BODY_BYTES_MAX}
 */
public record OpaqueAuth(int flavor, Opaque body) {
    /** Longest body that RFC 5531 allows. */
    public static final int BODY_BYTES_MAX = 400;

    /** AUTH_NONE with an empty body. */
    public static final OpaqueAuth NONE = new OpaqueAuth(AuthFlavor.NONE, Opaque.EMPTY);

    /** Checks the length of the body. */
    public OpaqueAuth {
        Objects.requireNonNull(body, "body");
        if (body.length() > BODY_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "auth body of " + body.length() + " bytes (limit " + BODY_BYTES_MAX + ")");
        }
    }

    /** Appends flavour, length, body and padding. */
    public void encode(XdrWriter writer) {
        writer.writeInt(flavor);
        writer.writeOpaque(body);
    }

    /**
     * Reads one credential or verifier; an empty AUTH_NONE comes back as {@link #NONE}.
     *
     * @throws XdrException when the body is longer than 400 bytes, cut short, or badly padded
     */
    public static OpaqueAuth decode(XdrReader reader) throws XdrException {
        int flavor = reader.readInt();
        Opaque body = reader.readOpaque(BODY_BYTES_MAX);
        return of(flavor, body);
    }

    /**
     * As {@link #decode}, but null when all bytes are there (or far too many are announced) and do
     * not form a credential.
     *
     * @param memo AUTH_SYS credentials that have come before; those of other flavours are new each
     *     time
     * @throws XdrException when the message ends too early
     */
    static @Nullable OpaqueAuth decodeOrNull(XdrReader reader, CallHeaderMemo memo)
            throws XdrException {
        int flavor = reader.readInt();
        int length = reader.readInt();
        if (length < 0 || length > BODY_BYTES_MAX) {
            return null;
        }
        // Long enough, so that the only thing left to be wrong is the padding.
        boolean complete = reader.remaining() >= ((length + 3) & ~3);
        try {
            return flavor == AuthFlavor.SYS
                    ? memo.readSys(reader, length)
                    : of(flavor, reader.readFixedOpaque(length));
        } catch (XdrException e) {
            if (complete) {
                return null;
            }
            throw e;
        }
    }

    private static OpaqueAuth of(int flavor, Opaque body) {
        return flavor == AuthFlavor.NONE && body.length() == 0
                ? NONE
                : new OpaqueAuth(flavor, body);
    }
}
