package org.oncrpckit.nlm.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.TestOutcome;
import org.oncrpckit.rpc.transport.Deadline;

/**
 * Requests that wait for nobody but a server in its grace period: a lock now or not at all, and the
 * question who is in the way. Thread-safe.
 */
final class ImmediateRequests {
    private final ClientCore core;

    ImmediateRequests(ClientCore core) {
        this.core = core;
    }

    /** Something that is asked, and asked again while the server's grace period lasts. */
    private record Request<T>(NlmLock lock, Deadline deadline, CompletableFuture<T> answer) {
        /** Whether there is time left to ask once more. */
        boolean maySleep() {
            return deadline.left().compareTo(ClientCore.GRACE_PAUSE) > 0;
        }
    }

    CompletableFuture<LockAnswer> tryLock(NlmLock lock, Duration limit) {
        @Nullable String refusal =
                core.turns()
                        .take(
                                turn -> {
                                    core.callsOfServers().expectFrom(lock.server());
                                    return core.refusal();
                                });
        if (refusal != null) {
            return CompletableFuture.failedFuture(new ClientClosedException(refusal, false));
        }
        Request<LockAnswer> request =
                new Request<>(lock, Deadline.in(core.timers(), limit), new CompletableFuture<>());
        var unused =
                core.watch(lock.server())
                        .thenRun(() -> core.turns().run(turn -> ask(turn, request)));
        return request.answer;
    }

    private void ask(Turns.Turn turn, Request<LockAnswer> request) {
        if (core.isClosing()) {
            fail(turn, request, closed(false));
            return;
        }
        core.lanes()
                .add(
                        turn,
                        LaneKey.of(request.lock),
                        () ->
                                core.calls()
                                        .lock(request.lock, false, false, request.deadline)
                                        .handle(
                                                (status, failure) -> {
                                                    core.turns()
                                                            .run(
                                                                    then ->
                                                                            asked(
                                                                                    then, request,
                                                                                    status,
                                                                                    failure));
                                                    return true;
                                                }));
    }

    private void asked(
            Turns.Turn turn,
            Request<LockAnswer> request,
            @Nullable NlmStatus status,
            @Nullable Throwable failure) {
        if (status == null) {
            Throwable cause = Causes.of(failure);
            boolean unsure = cause instanceof NlmClientException e && e.mayBeInEffect();
            LaneKey key = LaneKey.of(request.lock);
            if (unsure && !core.held().hasSome(key, request.lock.range())) {
                core.release(turn, request.lock);
            }
            fail(turn, request, cause);
            return;
        }
        switch (status) {
            case GRANTED -> granted(turn, request);
            case DENIED, BLOCKED -> complete(turn, request, new LockAnswer.Denied());
            case DEADLOCK -> complete(turn, request, new LockAnswer.Deadlock());
            case DENIED_GRACE_PERIOD -> {
                if (core.isClosing()) {
                    fail(turn, request, closed(false));
                } else if (request.maySleep()) {
                    core.timers()
                            .schedule(
                                    ClientCore.GRACE_PAUSE,
                                    () -> core.turns().run(later -> ask(later, request)));
                } else {
                    complete(turn, request, new LockAnswer.Refused(status));
                }
            }
            default -> complete(turn, request, new LockAnswer.Refused(status));
        }
    }

    /** A client that ends has given back the rest already. */
    private void granted(Turns.Turn turn, Request<LockAnswer> request) {
        if (core.isClosing()) {
            core.release(turn, request.lock);
            fail(turn, request, closed(true));
        } else {
            core.held().add(request.lock);
            complete(turn, request, new LockAnswer.Granted());
        }
    }

    CompletableFuture<LockAnswer.Test> test(NlmLock lock, Duration limit) {
        Request<LockAnswer.Test> request =
                new Request<>(lock, Deadline.in(core.timers(), limit), new CompletableFuture<>());
        test(request);
        return request.answer;
    }

    private void test(Request<LockAnswer.Test> request) {
        var unused =
                core.ready()
                        .thenCompose(ready -> core.calls().test(request.lock, request.deadline))
                        .whenComplete(
                                (outcome, failure) -> {
                                    if (failure != null) {
                                        request.answer.completeExceptionally(Causes.of(failure));
                                    } else {
                                        tested(request, outcome);
                                    }
                                });
    }

    private void tested(Request<LockAnswer.Test> request, TestOutcome outcome) {
        if (outcome instanceof TestOutcome.Conflict conflict) {
            request.answer.complete(new LockAnswer.Test.Conflict(conflict.holder()));
        } else if (outcome.status() == NlmStatus.GRANTED) {
            request.answer.complete(new LockAnswer.Test.Free());
        } else if (outcome.status() == NlmStatus.DENIED_GRACE_PERIOD && request.maySleep()) {
            core.timers().schedule(ClientCore.GRACE_PAUSE, () -> test(request));
        } else {
            request.answer.complete(new LockAnswer.Test.Refused(outcome.status()));
        }
    }

    private static <T> void complete(Turns.Turn turn, Request<T> request, T answer) {
        turn.afterwards(() -> request.answer.complete(answer));
    }

    private static void fail(Turns.Turn turn, Request<?> request, Throwable failure) {
        turn.afterwards(() -> request.answer.completeExceptionally(failure));
    }

    private static ClientClosedException closed(boolean mayBeInEffect) {
        return new ClientClosedException(ClientCore.CLOSED, mayBeInEffect);
    }
}
