package org.oncrpckit.nlm.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.oncrpckit.nlm.protocol.NlmStatus;

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
        core.lanes()
                .addFirst(
                        turn,
                        key,
                        () ->
                                enter().thenCompose(entered -> all(key))
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

    private CompletionStage<Void> all(LaneKey key) {
        List<NlmLock> locks = core.turns().take(turn -> core.held().of(key));
        CompletionStage<Void> last = CompletableFuture.completedFuture(null);
        for (NlmLock lock : locks) {
            last = last.thenCompose(before -> one(lock));
        }
        return last;
    }

    private CompletionStage<Void> one(NlmLock lock) {
        Deadline deadline = Deadline.in(core.timers(), LIMIT);
        return core.calls()
                .lock(lock, false, true, deadline)
                .thenCompose(
                        status -> {
                            if (status == NlmStatus.GRANTED) {
                                listener.reclaimed(lock);
                                return CompletableFuture.<Void>completedFuture(null);
                            }
                            return anew(lock, status, deadline);
                        })
                .exceptionally(
                        failure -> {
                            lost(lock, String.valueOf(ClientCore.cause(failure).getMessage()));
                            return null;
                        });
    }

    /** The grace period is over, or the server knows better: as an ordinary request, then. */
    private CompletionStage<Void> anew(NlmLock lock, NlmStatus refused, Deadline deadline) {
        return core.calls()
                .lock(lock, false, false, deadline)
                .thenAccept(
                        status -> {
                            if (status == NlmStatus.GRANTED) {
                                listener.regained(lock);
                            } else {
                                lost(lock, "reclaim: " + refused + ", lock: " + status);
                            }
                        });
    }

    private void lost(NlmLock lock, String why) {
        core.turns().run(turn -> core.held().remove(LaneKey.of(lock), lock.range()));
        listener.lost(lock, why);
    }
}
