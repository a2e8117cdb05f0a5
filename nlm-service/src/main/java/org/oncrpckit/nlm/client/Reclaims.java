package org.oncrpckit.nlm.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.rpc.transport.Deadline;

/**
 * Takes locks again that a server has lost by restarting, each with the mode that it has: one owner
 * and file after the other, a few at a time, before anything else of that owner. A lock that is
 * refused stops no other one.
 */
final class Reclaims {
    /** Owners and files that are being reclaimed at once. */
    static final int AT_ONCE = 16;

    /** How long a server that said it was up may take to answer. */
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final ClientCore core;
    private final LockListener listener;

    /** Those whose turn has not come. Looked at in turns. */
    private final Queue<CompletableFuture<Void>> gate = new ArrayDeque<>();

    /** How many are being reclaimed. Looked at in turns. */
    private int running;

    Reclaims(ClientCore core, LockListener listener) {
        this.core = core;
        this.listener = listener;
    }

    /** Reclaims what this owner has on this file. */
    void add(Turns.Turn turn, LaneKey key) {
        add(turn, key, this::reclaim);
    }

    /** Asks once more for what this owner has on this file. */
    void addAnew(Turns.Turn turn, LaneKey key) {
        add(turn, key, (lock, deadline) -> anew(lock, "released by the server", deadline));
    }

    private void add(
            Turns.Turn turn,
            LaneKey key,
            BiFunction<NlmLock, Deadline, CompletionStage<Void>> each) {
        core.lanes()
                .addFirst(
                        turn,
                        key,
                        () ->
                                enter().thenCompose(entered -> all(key, each))
                                        .whenComplete((done, failure) -> leave()));
    }

    private CompletionStage<Void> enter() {
        CompletableFuture<Void> place = new CompletableFuture<>();
        core.turns()
                .run(
                        turn -> {
                            if (running < AT_ONCE) {
                                running++;
                                turn.afterwards(() -> place.complete(null));
                            } else {
                                gate.add(place);
                            }
                        });
        return place;
    }

    private void leave() {
        core.turns()
                .run(
                        turn -> {
                            CompletableFuture<Void> next = gate.poll();
                            if (next == null) {
                                running--;
                            } else {
                                turn.afterwards(() -> next.complete(null));
                            }
                        });
    }

    private CompletionStage<Void> all(
            LaneKey key, BiFunction<NlmLock, Deadline, CompletionStage<Void>> each) {
        List<NlmLock> locks = core.turns().take(turn -> core.held().of(key));
        CompletionStage<Void> last = CompletableFuture.completedFuture(null);
        for (NlmLock lock : locks) {
            last =
                    last.thenCompose(
                            before ->
                                    lostIfItFails(
                                            lock,
                                            each.apply(lock, Deadline.in(core.timers(), LIMIT))));
        }
        return last;
    }

    private CompletionStage<Void> reclaim(NlmLock lock, Deadline deadline) {
        return core.calls()
                .lock(lock, false, true, deadline)
                .thenCompose(
                        status -> {
                            if (status == NlmStatus.GRANTED) {
                                tell(() -> listener.reclaimed(lock));
                                return CompletableFuture.<Void>completedFuture(null);
                            }
                            return anew(lock, "reclaim: " + status, deadline);
                        });
    }

    /**
     * The grace period is over, or the server knows better: as an ordinary request, then. In grace
     * that is refused too, and asked again behind the reclaims of everybody, which cannot wait.
     */
    private CompletionStage<Void> anew(NlmLock lock, String why, Deadline deadline) {
        return core.calls()
                .lock(lock, false, false, deadline)
                .thenAccept(
                        status -> {
                            if (status == NlmStatus.GRANTED) {
                                tell(() -> listener.regained(lock));
                            } else if (status == NlmStatus.DENIED_GRACE_PERIOD
                                    && deadline.left().compareTo(ClientCore.GRACE_PAUSE) > 0) {
                                core.timers()
                                        .schedule(
                                                ClientCore.GRACE_PAUSE,
                                                () -> anewLater(lock, why, deadline));
                            } else {
                                lost(lock, why + ", lock: " + status);
                            }
                        });
    }

    /** What has not been unlocked meanwhile. */
    private void anewLater(NlmLock lock, String why, Deadline deadline) {
        LaneKey key = LaneKey.of(lock);
        core.turns()
                .run(
                        turn -> {
                            for (NlmLock each : core.held().of(key, lock.range())) {
                                core.lanes()
                                        .addFirst(
                                                turn,
                                                key,
                                                () ->
                                                        lostIfItFails(
                                                                each, anew(each, why, deadline)));
                            }
                        });
    }

    private CompletionStage<Void> lostIfItFails(NlmLock lock, CompletionStage<Void> asked) {
        return asked.exceptionally(
                failure -> {
                    lost(lock, String.valueOf(Causes.of(failure).getMessage()));
                    return null;
                });
    }

    private void lost(NlmLock lock, String why) {
        core.turns()
                .run(
                        turn -> {
                            LaneKey key = LaneKey.of(lock);
                            core.held().remove(key, lock.range());
                            core.expectations().released(turn, key, lock.range());
                            turn.afterwards(() -> listener.lost(lock, why));
                        });
    }

    /** Whatever the listener does, the lock is what the server says. */
    private void tell(Runnable news) {
        core.turns().run(turn -> turn.afterwards(news));
    }
}
