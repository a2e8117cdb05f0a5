package org.oncrpckit.nlm.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the calls of one owner on one file in order: the next one leaves when the one before has
 * been answered. Otherwise a LOCK that was overtaken by the UNLOCK after it would leave a lock with
 * nobody. Used inside turns only.
 */
final class Lanes {
    private final Turns turns;
    private final Map<LaneKey, Lane> lanes = new HashMap<>();

    private final Consumer<Turns.Turn> emptied;

    /**
     * No lanes yet.
     *
     * @param emptied told, in the turn, whenever the last lane has nothing left to do
     */
    Lanes(Turns turns, Consumer<Turns.Turn> emptied) {
        this.turns = turns;
        this.emptied = emptied;
    }

    private static final class Lane {
        final Deque<Job> jobs = new ArrayDeque<>();
        @Nullable Job running;
    }

    /** Something that is sent when its turn comes. */
    static final class Job {
        private final Supplier<CompletionStage<?>> work;

        private Job(Supplier<CompletionStage<?>> work) {
            this.work = work;
        }
    }

    /**
     * Queues a job.
     *
     * @param work starts it, outside of turns; its stage is complete when the next may start
     */
    Job add(Turns.Turn turn, LaneKey key, Supplier<CompletionStage<?>> work) {
        return add(turn, key, new Job(work), false);
    }

    /** Queues a job before all that have not begun. */
    Job addFirst(Turns.Turn turn, LaneKey key, Supplier<CompletionStage<?>> work) {
        return add(turn, key, new Job(work), true);
    }

    private Job add(Turns.Turn turn, LaneKey key, Job job, boolean first) {
        assert turns.isTaken();
        Lane lane = lanes.computeIfAbsent(key, unused -> new Lane());
        if (first) {
            lane.jobs.addFirst(job);
        } else {
            lane.jobs.addLast(job);
        }
        if (lane.running == null) {
            next(turn, key, lane);
        }
        return job;
    }

    /**
     * Takes a job back.
     *
     * @return false when it has begun
     */
    boolean remove(LaneKey key, Job job) {
        assert turns.isTaken();
        Lane lane = lanes.get(key);
        return lane != null && lane.jobs.remove(job);
    }

    boolean isEmpty() {
        return lanes.isEmpty();
    }

    private void next(Turns.Turn turn, LaneKey key, Lane lane) {
        Job job = lane.jobs.poll();
        lane.running = job;
        if (job == null) {
            lanes.remove(key);
            if (lanes.isEmpty()) {
                emptied.accept(turn);
            }
            return;
        }
        turn.afterwards(
                () -> {
                    var unused =
                            job.work
                                    .get()
                                    .whenComplete(
                                            (result, failure) ->
                                                    turns.run(over -> next(over, key, lane)));
                });
    }
}
