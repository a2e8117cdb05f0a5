package org.oncrpckit.nsm.protocol;

import java.util.Objects;
import org.oncrpckit.xdr.Opaque;

/**
 * What a monitor calls on its own host when a monitored host has changed state.
 *
 * @param program program number, as unsigned bits
 * @param version its version, as unsigned bits
 * @param procedure its procedure, as unsigned bits
 * @param priv 16 bytes that mean something to the service only
 */
public record CallBack(int program, int version, int procedure, Opaque priv) {
    /** Length of {@code priv} in bytes (SM_PRIV_SIZE). */
    public static final int PRIV_LENGTH = 16;

    /** Checks the length. */
    public CallBack {
        requirePriv(priv);
    }

    /** Refuses private bytes that are not {@link #PRIV_LENGTH}. */
    static void requirePriv(Opaque priv) {
        Objects.requireNonNull(priv, "priv");
        if (priv.length() != PRIV_LENGTH) {
            throw new IllegalArgumentException(
                    "priv of " + priv.length() + " bytes (expected: " + PRIV_LENGTH + ")");
        }
    }
}
