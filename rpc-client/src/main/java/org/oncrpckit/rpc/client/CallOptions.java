package org.oncrpckit.rpc.client;

import java.time.Duration;
import java.util.Objects;
import org.oncrpckit.rpc.OpaqueAuth;
import org.oncrpckit.rpc.transport.Deadline;

/**
 * How one call is made.
 *
 * @param timeLimit the call ends after this time at the latest, connecting included; positive
 * @param credential sent with the call
 * @param retransmission when a call over UDP is sent again; streams ignore it
 * @param anyReplyPort whether a reply over UDP may come from another port of the host that was
 *     called, as some services do that pass calls on; streams ignore it
 */
public record CallOptions(
        Duration timeLimit,
        OpaqueAuth credential,
        Retransmission retransmission,
        boolean anyReplyPort) {
    /** 25 s, AUTH_NONE, adaptive retransmission, replies from the port that was called. */
    public static final CallOptions DEFAULT =
            new CallOptions(
                    Duration.ofSeconds(25), OpaqueAuth.NONE, Retransmission.ADAPTIVE, false);

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
        return new CallOptions(limit, credential, retransmission, anyReplyPort);
    }

    /** The same with what is left until then as its time limit, one nanosecond at the least. */
    public CallOptions until(Deadline deadline) {
        Duration left = deadline.left();
        return withTimeLimit(left.isZero() ? Duration.ofNanos(1) : left);
    }

    /** The same with another credential. */
    public CallOptions withCredential(OpaqueAuth other) {
        return new CallOptions(timeLimit, other, retransmission, anyReplyPort);
    }

    /** The same with another retransmission policy. */
    public CallOptions withRetransmission(Retransmission other) {
        return new CallOptions(timeLimit, credential, other, anyReplyPort);
    }

    /** The same, with replies taken from any port of the host that was called, or not. */
    public CallOptions withAnyReplyPort(boolean any) {
        return new CallOptions(timeLimit, credential, retransmission, any);
    }
}
