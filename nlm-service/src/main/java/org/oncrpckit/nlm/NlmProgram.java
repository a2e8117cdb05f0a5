package org.oncrpckit.nlm;

import java.util.concurrent.CompletionStage;
import org.oncrpckit.nlm.protocol.CancelArgs;
import org.oncrpckit.nlm.protocol.LockArgs;
import org.oncrpckit.nlm.protocol.Nlm;
import org.oncrpckit.nlm.protocol.Nlm4;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.StatusReply;
import org.oncrpckit.nlm.protocol.TestArgs;
import org.oncrpckit.nlm.protocol.TestOutcome;
import org.oncrpckit.nlm.protocol.TestReply;
import org.oncrpckit.nlm.protocol.UnlockArgs;
import org.oncrpckit.rpc.server.CallContext;
import org.oncrpckit.rpc.server.CallRejectedException;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.xdr.Nothing;

/**
 * The edge: procedures of the program, as calls of {@link LockOperations}. All run on the I/O
 * thread; LOCK answers later when the host has to go to stable storage first.
 *
 * <p>Repeated calls are answered from the server's duplicate request cache, TEST excepted.
 */
final class NlmProgram {
    private final LockOperations operations;
    private final Events events;

    NlmProgram(LockOperations operations, Events events) {
        this.operations = operations;
        this.events = events;
    }

    RpcProgram table() {
        return RpcProgram.builder(Nlm.PROGRAM, "nlockmgr")
                .idempotent(Nlm4.TEST, this::test)
                .asynchronous(Nlm4.LOCK, this::lock)
                .procedure(Nlm4.CANCEL, this::cancel)
                .procedure(Nlm4.UNLOCK, this::unlock)
                .procedure(Nlm4.GRANTED_RES, this::grantedAnswered)
                .asynchronous(Nlm4.NM_LOCK, this::lockUnmonitored)
                .build();
    }

    private TestReply test(CallContext call, TestArgs args) throws CallRejectedException {
        Caller caller = Caller.of(call);
        TestOutcome outcome = operations.test(caller, args);
        answered(caller, "TEST", outcome.status());
        return new TestReply(args.cookie(), outcome);
    }

    private CompletionStage<StatusReply> lock(CallContext call, LockArgs args)
            throws CallRejectedException {
        return lock(Caller.of(call), args, "LOCK", true);
    }

    private CompletionStage<StatusReply> lockUnmonitored(CallContext call, LockArgs args)
            throws CallRejectedException {
        return lock(Caller.of(call), args, "NM_LOCK", false);
    }

    private CompletionStage<StatusReply> lock(
            Caller caller, LockArgs args, String procedure, boolean monitored) {
        return operations
                .lock(caller, args, monitored)
                .thenApply(
                        status -> {
                            answered(caller, procedure, status);
                            return new StatusReply(args.cookie(), status);
                        });
    }

    private StatusReply cancel(CallContext call, CancelArgs args) throws CallRejectedException {
        Caller caller = Caller.of(call);
        NlmStatus status = operations.cancel(caller, args);
        answered(caller, "CANCEL", status);
        return new StatusReply(args.cookie(), status);
    }

    private StatusReply unlock(CallContext call, UnlockArgs args) throws CallRejectedException {
        Caller caller = Caller.of(call);
        NlmStatus status = operations.unlock(caller, args);
        answered(caller, "UNLOCK", status);
        return new StatusReply(args.cookie(), status);
    }

    private Nothing grantedAnswered(CallContext call, StatusReply reply)
            throws CallRejectedException {
        operations.grantedAnswered(Caller.of(call), reply);
        return Nothing.NOTHING;
    }

    private void answered(Caller caller, String procedure, NlmStatus status) {
        events.answered(caller.client().address(), procedure, status);
    }
}
