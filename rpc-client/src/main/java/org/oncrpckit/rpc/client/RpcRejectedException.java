package org.oncrpckit.rpc.client;

import java.io.Serial;
import java.util.Optional;
import org.oncrpckit.rpc.AcceptStatus;
import org.oncrpckit.rpc.AuthStatus;
import org.oncrpckit.rpc.ReplyHeader;
import org.oncrpckit.rpc.VersionRange;

/**
 * The server answered that it did not execute the call (RFC 5531 section 9). {@link
 * #mayHaveExecuted} is false, with two exceptions: SYSTEM_ERR does not say how far the server had
 * come, and a call that was sent more than once may have been executed before a later copy of it
 * was rejected, by a server that has been restarted in between for example.
 */
public final class RpcRejectedException extends RpcException {
    @Serial private static final long serialVersionUID = 1L;

    private final transient ReplyHeader reply;

    RpcRejectedException(ReplyHeader reply, CallTrace trace) {
        super("rejected: " + describe(reply), trace, uncertain(reply, trace), null);
        this.reply = reply;
    }

    /** The reply as it came. */
    public ReplyHeader reply() {
        return reply;
    }

    /** Why the server did not execute a call that it accepted; empty when it denied the call. */
    public Optional<AcceptStatus> acceptStatus() {
        if (reply instanceof ReplyHeader.Accepted accepted) {
            return Optional.of(accepted.status());
        }
        return reply instanceof ReplyHeader.ProgramMismatch
                ? Optional.of(AcceptStatus.PROG_MISMATCH)
                : Optional.empty();
    }

    /** Why the credential was not good enough; empty when it was not about that. */
    public Optional<AuthStatus> authStatus() {
        return reply instanceof ReplyHeader.AuthError error
                ? Optional.of(error.status())
                : Optional.empty();
    }

    /** The versions of the program that the server has, from a PROG_MISMATCH; empty otherwise. */
    public Optional<VersionRange> supportedVersions() {
        return reply instanceof ReplyHeader.ProgramMismatch mismatch
                ? Optional.of(mismatch.supported())
                : Optional.empty();
    }

    /** The versions of RPC itself that the server speaks, from an RPC_MISMATCH. */
    public Optional<VersionRange> supportedRpcVersions() {
        return reply instanceof ReplyHeader.RpcMismatch mismatch
                ? Optional.of(mismatch.supported())
                : Optional.empty();
    }

    private static boolean uncertain(ReplyHeader reply, CallTrace trace) {
        return trace.transmissions() > 1
                || (reply instanceof ReplyHeader.Accepted accepted
                        && accepted.status() == AcceptStatus.SYSTEM_ERR);
    }

    private static String describe(ReplyHeader reply) {
        if (reply instanceof ReplyHeader.Accepted accepted) {
            return accepted.status().toString();
        }
        if (reply instanceof ReplyHeader.ProgramMismatch mismatch) {
            return "PROG_MISMATCH, the server has versions " + mismatch.supported();
        }
        if (reply instanceof ReplyHeader.RpcMismatch mismatch) {
            return "RPC_MISMATCH, the server speaks RPC versions " + mismatch.supported();
        }
        return "AUTH_ERROR " + ((ReplyHeader.AuthError) reply).status();
    }
}
