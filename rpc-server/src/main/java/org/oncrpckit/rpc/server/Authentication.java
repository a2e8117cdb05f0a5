package org.oncrpckit.rpc.server;

import java.util.Objects;
import org.oncrpckit.rpc.AuthStatus;
import org.oncrpckit.rpc.OpaqueAuth;
import org.oncrpckit.xdr.Opaque;

/** What an {@link Authenticator} says of a call. */
public sealed interface Authentication {
    /**
     * The caller is known; the call goes on.
     *
     * @param credential who it is
     * @param verifier sent with an accepted reply
     * @param seal what arguments and results are wrapped in
     */
    record Accepted(Credential credential, OpaqueAuth verifier, MessageSeal seal)
            implements Authentication {
        /** Checks that nothing is missing. */
        public Accepted {
            Objects.requireNonNull(credential, "credential");
            Objects.requireNonNull(verifier, "verifier");
            Objects.requireNonNull(seal, "seal");
        }

        /** A caller of a flavour that proves nothing to the caller in turn and wraps nothing. */
        public Accepted(Credential credential) {
            this(credential, OpaqueAuth.NONE, MessageSeal.NONE);
        }
    }

    /**
     * The caller is refused: the reply is AUTH_ERROR.
     *
     * @param status why
     */
    record Rejected(AuthStatus status) implements Authentication {
        /** Checks that nothing is missing. */
        public Rejected {
            Objects.requireNonNull(status, "status");
        }
    }

    /**
     * The call was the flavour's own (set-up of a security context, request for TLS) and never
     * reaches a program; it is answered SUCCESS.
     *
     * @param verifier of the reply
     * @param results encoded results
     * @param afterReply runs on the same thread when the reply was handed to the endpoint; must not
     *     block
     */
    record Answered(OpaqueAuth verifier, Opaque results, Runnable afterReply)
            implements Authentication {
        /** Checks that nothing is missing. */
        public Answered {
            Objects.requireNonNull(verifier, "verifier");
            Objects.requireNonNull(results, "results");
            Objects.requireNonNull(afterReply, "afterReply");
        }
    }

    /** The call is dropped without an answer, a replayed sequence number for example. */
    record Ignored() implements Authentication {}
}
