package org.oncrpckit.rpc.client;

import java.time.Duration;
import java.util.Objects;
import org.oncrpckit.rpc.OpaqueAuth;

/**
 * How one call is made.
 *
 * @param timeLimit the call ends after this time at the latest, connecting included; positive
 * @param credential sent with the call
 * @param retransmission when a call over UDP is sent again; streams ignore it
 */
public record CallOptions(
        Duration timeLimit, OpaqueAuth credential, Retransmission retransmission) {
    /** 25 s, AUTH_NONE, adaptive retransmission. */
    public static final CallOptions DEFAULT =
            new CallOptions(Duration.ofSeconds(25), OpaqueAuth.NONE, Retransmission.ADAPTIVE);

    /** Checks the values. */
    public CallOptions {
        Objects.requireNonNull(credential, "credential");
        Objects.requireNonNull(retransmission, "retransmission");
        if (timeLimit.isNegative() || timeLimit.isZero()) {
            throw new IllegalArgumentException("time limit " + timeLimit + " is not positive");
        }
    }

    /** The same with another time limit. */
    public CallOptions withTimeLimit(Duration limit) {
        return new CallOptions(limit, credential, retransmission);
    }

    /** The same with another credential. */
    public CallOptions withCredential(OpaqueAuth other) {
        return new CallOptions(timeLimit, other, retransmission);
    }

    /** The same with another retransmission policy. */
    public CallOptions withRetransmission(Retransmission other) {
        return new CallOptions(timeLimit, credential, other);
    }
}
