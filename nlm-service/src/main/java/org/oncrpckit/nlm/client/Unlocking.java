package org.oncrpckit.nlm.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.rpc.transport.Deadline;
import org.oncrpckit.rpc.transport.Timers;

/**
 * Gives locks back, whatever that takes: grace periods are waited for, and a server that is down is
 * asked again. Thread-safe.
 */
final class Unlocking {
    /** How long a lock with an owner that has gone is tried to be given back. */
    static final Duration LIMIT = Duration.ofMinutes(10);

    private final ClientCore core;

    Unlocking(ClientCore core) {
        this.core = core;
    }

    /** Unlocks for an owner that waits for it, so long; it goes on behind that. */
    CompletableFuture<Void> unlock(NlmLock lock, Duration limit) {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        Timers.Timer timer =
                core.timers()
                        .schedule(
                                limit,
                                () ->
                                        answer.completeExceptionally(
                                                new ServerUnreachableException(
                                                        lock.server()
                                                                + " does not confirm the unlocking",
                                                        true,
                                                        null)));
        core.turns()
                .run(
                        turn -> {
                            if (core.calls().isClosed()) {
                                turn.afterwards(
                                        () ->
                                                answer.completeExceptionally(
                                                        new ClientClosedException(
                                                                ClientCore.CLOSED, false)));
                                return;
                            }
                            giveBack(lock);
                            Deadline deadline = Deadline.in(core.timers(), LIMIT);
                            core.lanes()
                                    .add(turn, LaneKey.of(lock), () -> ask(lock, deadline, answer));
                        });
        return answer.whenComplete((done, failure) -> timer.cancel());
    }

    /**
     * Gives a lock back for an owner that does not wait for it, before anything else of that owner.
     *
     * @return completes when the server has confirmed; fails when it does not
     */
    CompletionStage<Void> release(Turns.Turn turn, NlmLock lock) {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        giveBack(lock);
        Deadline deadline = Deadline.in(core.timers(), LIMIT);
        core.lanes().addFirst(turn, LaneKey.of(lock), () -> ask(lock, deadline, answer));
        return answer;
    }

    /** From now on it is not reclaimed, and what was granted before is not believed. */
    private void giveBack(NlmLock lock) {
        LaneKey key = LaneKey.of(lock);
        core.held().remove(key, lock.range());
        core.stragglers().gaveBack(key);
        for (BlockedLock each : core.waits().of(key)) {
            if (each.lock().range().intersects(lock.range())) {
                each.doubt();
            }
        }
    }

    private CompletionStage<?> ask(
            NlmLock lock, Deadline deadline, CompletableFuture<Void> answer) {
        return core.calls()
                .unlock(lock, deadline)
                .handle(
                        (status, failure) -> {
                            core.turns()
                                    .run(
                                            then ->
                                                    asked(
                                                            then, lock, deadline, answer, status,
                                                            failure));
                            return true;
                        });
    }

    private void asked(
            Turns.Turn turn,
            NlmLock lock,
            Deadline deadline,
            CompletableFuture<Void> answer,
            @Nullable NlmStatus status,
            @Nullable Throwable failure) {
        LaneKey key = LaneKey.of(lock);
        if (status == NlmStatus.DENIED_GRACE_PERIOD && !deadline.isOver()) {
            // A reclaim of this owner's other locks must not wait for it: so two jobs.
            core.lanes().addFirst(turn, key, () -> ask(lock, deadline, answer));
            core.lanes().addFirst(turn, key, this::gracePause);
            return;
        }
        if (status == null) {
            turn.afterwards(() -> answer.completeExceptionally(Causes.of(failure)));
        } else {
            // What was granted to an earlier request while this one waited for its turn.
            core.held().remove(key, lock.range());
            turn.afterwards(() -> answer.complete(null));
        }
        core.expectations().released(turn, key, lock.range());
    }

    private CompletionStage<Void> gracePause() {
        CompletableFuture<Void> over = new CompletableFuture<>();
        core.timers().schedule(ClientCore.GRACE_PAUSE, () -> over.complete(null));
        return over;
    }
}
