package org.oncrpckit.nlm;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.oncrpckit.nlm.protocol.CancelArgs;
import org.oncrpckit.nlm.protocol.LockArgs;
import org.oncrpckit.nlm.protocol.Nlm;
import org.oncrpckit.nlm.protocol.NlmOperation;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nlm.protocol.ShareArgs;
import org.oncrpckit.nlm.protocol.ShareReply;
import org.oncrpckit.nlm.protocol.StatusReply;
import org.oncrpckit.nlm.protocol.TestArgs;
import org.oncrpckit.nlm.protocol.TestOutcome;
import org.oncrpckit.nlm.protocol.TestReply;
import org.oncrpckit.nlm.protocol.UnlockArgs;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.server.AccessRule;
import org.oncrpckit.rpc.server.AsyncCall;
import org.oncrpckit.rpc.server.RpcHandler;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.Opaque;

/**
 * The edge: procedures of every version and shape, as calls of {@link LockOperations} and {@link
 * ShareOperations}. All run on the I/O thread; LOCK, and what comes behind it, answers later when
 * the host has to go to stable storage first. What comes for lock clients of this host goes to the
 * {@link ClientRole}.
 *
 * <p>A {@code _MSG} is answered twice: with an empty reply, for those who wait for one, then with a
 * {@code _RES}. Repeated calls are answered from the server's duplicate request cache, TEST
 * excepted.
 */
final class NlmProgram {
    /** Only a status monitor on this host, and only a privileged one. */
    private static final AccessRule STATUS_CALL_BACKS =
            AccessRule.loopbackOnly()
                    .and(AccessRule.privilegedPort())
                    .forProcedures(Set.of(NlmVersion.STATUS_CALL_BACK));

    /** What the sequence field is for has never been defined. */
    private static final int NO_SEQUENCE = 0;

    /** An operation that comes as a message. */
    @FunctionalInterface
    private interface Operation<A, R> {
        CompletionStage<R> answer(Caller caller, A args, Departure departure);
    }

    /** Something that a client asks for or gives back, as a call or as a message. */
    @FunctionalInterface
    private interface Request<A> {
        Decision decide(Caller caller, A args, boolean oneWay);
    }

    /** The reply to a call, whichever way it goes. */
    @FunctionalInterface
    private interface Departure {
        /** Runs an action when the reply has left, or it is certain that none will. */
        void whenGone(Runnable action);
    }

    private final LockOperations operations;
    private final ShareOperations shares;
    private final ClientRole clientRole;
    private final StatusCallBack statusCallBack;
    private final ResultSender results;
    private final Events events;
    private final Callers callers = new Callers();

    NlmProgram(
            LockOperations operations,
            ShareOperations shares,
            ClientRole clientRole,
            StatusCallBack statusCallBack,
            ResultSender results,
            Events events) {
        this.operations = operations;
        this.shares = shares;
        this.clientRole = clientRole;
        this.statusCallBack = statusCallBack;
        this.results = results;
        this.events = events;
    }

    RpcProgram table() {
        RpcProgram.Builder table =
                RpcProgram.builder(Nlm.PROGRAM, "nlockmgr").access(STATUS_CALL_BACKS);
        for (NlmVersion each : NlmVersion.all()) {
            serveLockers(table, each);
            serveThisHost(table, each);
            if (each.hasShares()) {
                serveShares(table, each);
            }
        }
        return table.build();
    }

    private void serveLockers(RpcProgram.Builder table, NlmVersion version) {
        table.idempotent(version.test().call(), (call, args) -> test(callers.of(call), args))
                .procedure(
                        version.granted().result(),
                        (call, reply) -> {
                            operations.grantedAnswered(callers.of(call), reply);
                            return Nothing.NOTHING;
                        });
        message(table, version.test(), (caller, args, departure) -> now(test(caller, args)));
        inBothShapes(
                table,
                version.lock(),
                "LOCK",
                LockArgs::cookie,
                (caller, args, oneWay) -> operations.lock(caller, args, true));
        inBothShapes(table, version.cancel(), "CANCEL", CancelArgs::cookie, operations::cancel);
        inBothShapes(
                table,
                version.unlock(),
                "UNLOCK",
                UnlockArgs::cookie,
                (caller, args, oneWay) -> operations.unlock(caller, args));
    }

    private <A> void inBothShapes(
            RpcProgram.Builder table,
            NlmOperation<A, StatusReply> operation,
            String name,
            Function<A, Opaque> cookie,
            Request<A> request) {
        asCall(table, operation.call(), name, cookie, request);
        message(
                table,
                operation,
                (caller, args, departure) -> {
                    Decision decision = request.decide(caller, args, true);
                    return reply(caller, cookie.apply(args), name, decision, departure);
                });
    }

    private <A> void asCall(
            RpcProgram.Builder table,
            Procedure<A, StatusReply> procedure,
            String name,
            Function<A, Opaque> cookie,
            Request<A> request) {
        table.asynchronous(
                procedure,
                (call, args) -> {
                    Caller caller = callers.of(call);
                    Decision decision = request.decide(caller, args, false);
                    reply(call, caller, cookie.apply(args), name, decision);
                });
    }

    private void serveShares(RpcProgram.Builder table, NlmVersion version) {
        table.asynchronous(
                        version.share(),
                        (call, args) -> {
                            Caller caller = callers.of(call);
                            Decision decision = shares.share(caller, args);
                            call.answerFrom(reply(caller, args, "SHARE", decision));
                        })
                .asynchronous(
                        version.unshare(),
                        (call, args) -> {
                            Caller caller = callers.of(call);
                            Decision decision = shares.unshare(caller, args);
                            call.answerFrom(reply(caller, args, "UNSHARE", decision));
                        })
                .asynchronous(
                        version.freeAll(),
                        (call, args) -> {
                            Caller caller = callers.of(call);
                            call.answerFrom(
                                    shares.freeAll(caller)
                                            .stage()
                                            .thenApply(
                                                    answer -> {
                                                        answered(
                                                                caller,
                                                                "FREE_ALL",
                                                                answer.status());
                                                        return Nothing.NOTHING;
                                                    }));
                        });
        asCall(
                table,
                version.unmonitoredLock(),
                "NM_LOCK",
                LockArgs::cookie,
                (caller, args, oneWay) -> operations.lock(caller, args, false));
    }

    /** What comes for the lock clients, and from the status monitor, of this host. */
    private void serveThisHost(RpcProgram.Builder table, NlmVersion version) {
        table.asynchronous(
                        version.granted().call(),
                        (call, args) -> call.answerFrom(granted(callers.of(call), args)))
                .procedure(version.test().result(), toLocal(clientRole::testAnswered))
                .procedure(version.lock().result(), toLocal(clientRole::lockAnswered))
                .procedure(version.cancel().result(), toLocal(clientRole::cancelAnswered))
                .procedure(version.unlock().result(), toLocal(clientRole::unlockAnswered))
                .procedure(
                        version.statusCallBack(),
                        (call, status) -> {
                            statusCallBack.stateChanged(status);
                            return Nothing.NOTHING;
                        });
        message(table, version.granted(), (caller, args, departure) -> granted(caller, args));
    }

    private <A, R> void message(
            RpcProgram.Builder table, NlmOperation<A, R> operation, Operation<A, R> body) {
        table.procedure(
                operation.message(),
                (call, args) -> {
                    Caller caller = callers.of(call);
                    CompletableFuture<Boolean> gone = new CompletableFuture<>();
                    body.answer(caller, args, action -> runAfter(gone, action))
                            .whenComplete(
                                    (result, failure) -> {
                                        Runnable send =
                                                () -> sendResult(caller, operation, result, gone);
                                        call.afterReply(send);
                                        call.whenRepeated(send); // The first may be lost.
                                    });
                    return Nothing.NOTHING;
                });
    }

    private <R> void sendResult(
            Caller caller,
            NlmOperation<?, R> operation,
            R result,
            CompletableFuture<Boolean> gone) {
        var unused =
                results.send(caller, operation.result(), result)
                        .whenComplete((sent, failure) -> gone.complete(failure == null));
    }

    private static void runAfter(CompletableFuture<Boolean> gone, Runnable action) {
        var unused = gone.thenRun(action);
    }

    private <R> RpcHandler<R, Nothing> toLocal(BiConsumer<ClientRole.Sender, R> receiver) {
        return (call, reply) -> {
            receiver.accept(callers.of(call).sender(), reply);
            return Nothing.NOTHING;
        };
    }

    private TestReply test(Caller caller, TestArgs args) {
        TestOutcome outcome = operations.test(caller, args);
        answered(caller, "TEST", outcome.status());
        return new TestReply(args.cookie(), outcome);
    }

    private void reply(
            AsyncCall<StatusReply> call,
            Caller caller,
            Opaque cookie,
            String procedure,
            Decision decision) {
        if (decision instanceof Answer answer) {
            // As a rule; and then nothing but the reply is made.
            if (answer.afterReply() != null) {
                call.afterReply(answer.afterReply());
            }
            call.answer(reply(caller, cookie, procedure, answer));
        } else {
            call.answerFrom(reply(caller, cookie, procedure, decision, call::afterReply));
        }
    }

    private CompletionStage<StatusReply> reply(
            Caller caller,
            Opaque cookie,
            String procedure,
            Decision decision,
            Departure departure) {
        return decision.stage()
                .thenApply(
                        answer -> {
                            if (answer.afterReply() != null) {
                                departure.whenGone(answer.afterReply());
                            }
                            return reply(caller, cookie, procedure, answer);
                        });
    }

    private StatusReply reply(Caller caller, Opaque cookie, String procedure, Answer answer) {
        answered(caller, procedure, answer.status());
        return new StatusReply(cookie, answer.status());
    }

    private CompletionStage<ShareReply> reply(
            Caller caller, ShareArgs args, String procedure, Decision decision) {
        return decision.stage()
                .thenApply(
                        answer -> {
                            answered(caller, procedure, answer.status());
                            return new ShareReply(args.cookie(), answer.status(), NO_SEQUENCE);
                        });
    }

    /** Somebody else's code: whatever it does, the server gets an answer. */
    private CompletionStage<StatusReply> granted(Caller caller, TestArgs args) {
        CompletionStage<NlmStatus> told;
        try {
            told = clientRole.granted(caller.sender(), args);
        } catch (RuntimeException e) {
            told = CompletableFuture.failedFuture(e);
        }
        return told.handle(
                (verdict, failure) ->
                        new StatusReply(
                                args.cookie(), failure == null ? verdict : NlmStatus.DENIED));
    }

    private void answered(Caller caller, String procedure, NlmStatus status) {
        events.answered(caller.client().address(), procedure, status);
    }

    private static <T> CompletionStage<T> now(T value) {
        return CompletableFuture.completedFuture(value);
    }
}
