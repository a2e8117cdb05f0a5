package org.oncrpckit.rpc.server;

import java.util.Objects;
import org.oncrpckit.rpc.AuthFlavor;
import org.oncrpckit.rpc.AuthSys;

/**
 * Who the caller is, as an {@link Authenticator} understood it. Flavours of one's own bring their
 * own implementation.
 */
public interface Credential {
    /** The number of the flavour, see {@link AuthFlavor}. */
    int flavor();

    /** AUTH_NONE: the caller does not say. */
    enum None implements Credential {
        /** The only one. */
        NONE;

        @Override
        public int flavor() {
            return AuthFlavor.NONE;
        }
    }

    /**
     * AUTH_SYS: what the caller claims and nobody proves.
     *
     * @param claims the decoded body
     */
    record Sys(AuthSys claims) implements Credential {
        /** Checks that nothing is missing. */
        public Sys {
            Objects.requireNonNull(claims, "claims");
        }

        @Override
        public int flavor() {
            return AuthFlavor.SYS;
        }
    }
}
