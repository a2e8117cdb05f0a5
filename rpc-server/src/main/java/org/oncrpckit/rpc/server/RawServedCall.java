package org.oncrpckit.rpc.server;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.oncrpckit.rpc.AcceptStatus;
import org.oncrpckit.rpc.CallHeader;
import org.oncrpckit.rpc.OpaqueAuth;
import org.oncrpckit.rpc.ReplyHeader;
import org.oncrpckit.rpc.transport.Endpoint;

/** A call as a {@link RawRpcHandler} sees it. */
record RawServedCall(ServedCall<?> call, ByteBuffer arguments) implements RawCall {
    @Override
    public boolean answer(RawReply reply) {
        if (call.procedure().oneWay()) {
            return true;
        }
        int xid = header().xid();
        OpaqueAuth verifier = call.caller().verifier();
        if (reply instanceof RawReply.Results<?> results) {
            return succeed(results);
        } else if (reply instanceof RawReply.Failed failed) {
            return call.endWith(
                    new ReplyHeader.Accepted(xid, verifier, failed.status()),
                    CallOutcome.of(failed.status()),
                    failed.status() == AcceptStatus.SYSTEM_ERR);
        } else if (reply instanceof RawReply.Mismatch mismatch) {
            return call.endWith(
                    new ReplyHeader.ProgramMismatch(xid, verifier, mismatch.supported()),
                    CallOutcome.PROG_MISMATCH,
                    false);
        } else {
            return call.endWith(
                    new ReplyHeader.AuthError(xid, ((RawReply.Refused) reply).status()),
                    CallOutcome.AUTH_ERROR,
                    true);
        }
    }

    @Override
    public boolean fail(Throwable failure) {
        return call.fail(failure);
    }

    private <R> boolean succeed(RawReply.Results<R> results) {
        return call.succeed(results.codec(), results.results());
    }

    @Override
    public CallHeader header() {
        return call.header();
    }

    @Override
    public SocketAddress peer() {
        return call.peer();
    }

    @Override
    public Endpoint endpoint() {
        return call.endpoint();
    }

    @Override
    public Credential credential() {
        return call.credential();
    }

    @Override
    public void afterReply(Runnable action) {
        call.afterReply(action);
    }

    @Override
    public void whenRepeated(Runnable action) {
        call.whenRepeated(action);
    }

    @Override
    public String toString() {
        return call.toString();
    }
}
