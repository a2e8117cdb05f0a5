package org.oncrpckit.nlm.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.rpc.transport.Deadline;
import org.oncrpckit.rpc.transport.Timers;

/**
 * The end of a request that is not waited for any more: makes sure that the server has nothing of
 * it, or finds out that it has its lock. Used inside turns only.
 *
 * <pre>
 *  nothing of it has reached the server -------------------------------> given up
 *  another wait asks for just the same: it takes over -----------------> given up
 *  otherwise                                  CANCEL, UNLOCK ----------> given up
 *  the owner has other locks on these bytes:  CANCEL, LOCK without waiting --> granted, given up
 * </pre>
 */
final class GivingUp {
    /** How long a server may take to confirm that a request is given up. */
    static final Duration LIMIT = Duration.ofSeconds(30);

    private final ClientCore core;
    private final BlockedLock wait;
    private final NlmLock lock;
    private final LaneKey key;
    private Timers.@Nullable Timer limit;

    GivingUp(ClientCore core, BlockedLock wait) {
        this.core = core;
        this.wait = wait;
        this.lock = wait.lock();
        this.key = LaneKey.of(lock);
    }

    /**
     * Begins.
     *
     * @param granted whether the server has said that the lock is ours
     */
    void begin(Turns.Turn turn, boolean granted) {
        if (isTakenOver(turn) || !wait.mayBeAtServer()) {
            wait.finish(turn, new LockAnswer.GivenUp());
            return;
        }
        core.stragglers().gaveBack(key);
        if (mustKeepOthers()) {
            if (granted) {
                wait.hold(turn);
            } else {
                core.lanes().addFirst(turn, key, this::cancelKeepingOthers);
            }
        } else if (granted) {
            unlock(turn);
        } else {
            core.lanes().addFirst(turn, key, this::cancel);
        }
    }

    /** What the server has of this request is of each wait for the same lock, too. */
    private boolean isTakenOver(Turns.Turn turn) {
        boolean taken = false;
        for (BlockedLock other : core.waits().of(key)) {
            if (other != wait && other.lock().equals(lock) && !other.isGivingUp()) {
                other.takeOver(turn, wait);
                taken = true;
            }
        }
        return taken;
    }

    /** Whether an UNLOCK of these bytes would take more than the lock that was asked for. */
    private boolean mustKeepOthers() {
        if (core.isClosing()) {
            return false;
        }
        return core.held().hasSome(key, lock.range())
                || core.waits().of(key).stream()
                        .filter(other -> other != wait && !other.lock().equals(lock))
                        .anyMatch(other -> other.lock().range().intersects(lock.range()));
    }

    /** Not every server denies the CANCEL of what it has granted, so it is unlocked anyway. */
    private CompletionStage<?> cancel() {
        return core.calls()
                .cancel(lock, wait.isQueuedAtServer(), deadline())
                .handle(
                        (status, failure) -> {
                            core.turns().run(this::unlock);
                            return true;
                        });
    }

    /** Unlocks what was asked for; the request ends when that is confirmed. */
    void unlock(Turns.Turn turn) {
        stop();
        limit = core.timers().schedule(LIMIT, () -> core.turns().run(this::unconfirmed));
        var unused =
                core.release(turn, lock)
                        .thenRun(
                                () ->
                                        core.turns()
                                                .run(
                                                        last ->
                                                                wait.finish(
                                                                        last,
                                                                        new LockAnswer.GivenUp())));
    }

    private void unconfirmed(Turns.Turn turn) {
        String what = lock.server() + " does not confirm that the request is given up";
        wait.fail(turn, new ServerUnreachableException(what, true, null));
    }

    /** What the owner has there already must stay; so the server is asked what the lock is now. */
    private CompletionStage<?> cancelKeepingOthers() {
        return core.calls()
                .cancel(lock, wait.isQueuedAtServer(), deadline())
                .thenCompose(
                        status ->
                                wait.isAccepted() || status == NlmStatus.DENIED
                                        ? core.calls().lock(lock, false, false, deadline())
                                        : CompletableFuture.completedFuture(NlmStatus.DENIED))
                .handle(
                        (status, failure) -> {
                            core.turns()
                                    .run(
                                            turn -> {
                                                if (failure != null) {
                                                    wait.fail(turn, Causes.of(failure));
                                                } else if (status == NlmStatus.GRANTED) {
                                                    wait.hold(turn);
                                                } else {
                                                    wait.finish(turn, new LockAnswer.GivenUp());
                                                }
                                            });
                            return true;
                        });
    }

    /** Waits for nothing any more. */
    void stop() {
        if (limit != null) {
            limit.cancel();
            limit = null;
        }
    }

    private Deadline deadline() {
        return Deadline.in(core.timers(), LIMIT);
    }
}
