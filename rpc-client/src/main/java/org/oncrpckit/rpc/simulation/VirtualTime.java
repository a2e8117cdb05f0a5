package org.oncrpckit.rpc.simulation;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.transport.Timers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Time that stands still until it is told to pass. Tasks run on the thread that calls {@link
 * #advance} or {@link #runUntil}, one after the other, ordered by time and among equal times by
 * when they were scheduled; never inside {@link #schedule}.
 *
 * <p>Any thread may schedule, cancel and read the clock. One at a time may let time pass, and no
 * task may.
 *
 * <p>A {@link RuntimeException} thrown by a task is logged, as with real timers. An {@link Error}
 * comes out of the call that lets time pass, so that an assertion inside a task fails its test.
 */
public final class VirtualTime implements Timers {
    private static final Logger LOG = LoggerFactory.getLogger(VirtualTime.class);

    /** Far from both ends, so that neither sums nor differences overflow: 100 years. */
    private static final long LATEST_NANOS = 100L * 365 * 24 * 3600 * 1_000_000_000L;

    /** Cancelled tasks are swept out once there are this many, and more than half of all. */
    private static final int SWEEP_MIN = 1024;

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Object lock = new Object();

    @GuardedBy("lock")
    private PriorityQueue<Task> tasks = newQueue();

    @GuardedBy("lock")
    private long nanos;

    @GuardedBy("lock")
    private long scheduled;

    @GuardedBy("lock")
    private int cancelled;

    @GuardedBy("lock")
    private boolean passing;

    /** Time begins at 2026-01-01T00:00:00Z. */
    public VirtualTime() {}

    private static PriorityQueue<Task> newQueue() {
        return new PriorityQueue<>(
                Comparator.<Task>comparingLong(task -> task.due)
                        .thenComparingLong(task -> task.number));
    }

    @Override
    public long nanoTime() {
        synchronized (lock) {
            return nanos;
        }
    }

    @Override
    public Instant now() {
        return START.plusNanos(nanoTime());
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        Objects.requireNonNull(task, "task");
        long wait = saturatedNanos(delay);
        synchronized (lock) {
            Task entry = new Task(Math.min(nanos + wait, LATEST_NANOS), scheduled++, task);
            tasks.add(entry);
            return entry;
        }
    }

    /** Tasks that are scheduled and have neither run nor been cancelled. */
    public int pendingTasks() {
        synchronized (lock) {
            return tasks.size() - cancelled;
        }
    }

    /**
     * Lets this much time pass and runs what falls due, including what these tasks schedule.
     *
     * @throws IllegalStateException when called by a task, or while another thread lets time pass
     */
    public void advance(Duration duration) {
        pass(duration, () -> false);
    }

    /**
     * Lets time pass, task by task, until the condition holds or the limit is reached. The
     * condition is looked at first, and again after every task.
     *
     * @return whether the condition holds
     * @throws IllegalStateException when called by a task, or while another thread lets time pass
     */
    public boolean runUntil(BooleanSupplier condition, Duration limit) {
        Objects.requireNonNull(condition, "condition");
        return pass(limit, condition);
    }

    private boolean pass(Duration duration, BooleanSupplier stop) {
        long end;
        synchronized (lock) {
            if (passing) {
                throw new IllegalStateException("time passes already");
            }
            passing = true;
            end = Math.min(nanos + saturatedNanos(duration), LATEST_NANOS);
        }
        try {
            while (!stop.getAsBoolean()) {
                Runnable next = next(end);
                if (next == null) {
                    return stop.getAsBoolean();
                }
                run(next);
            }
            return true;
        } finally {
            synchronized (lock) {
                passing = false;
            }
        }
    }

    /** Takes out the next task due by then and moves the clock to it, or else to the end. */
    private @Nullable Runnable next(long end) {
        synchronized (lock) {
            for (Task task; (task = tasks.peek()) != null && task.due <= end; ) {
                tasks.remove();
                Runnable work = task.work;
                if (work == null) {
                    cancelled--;
                    continue;
                }
                task.work = null;
                nanos = task.due;
                return work;
            }
            nanos = end;
            return null;
        }
    }

    private static void run(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.warn("a task failed", e);
        }
    }

    private static long saturatedNanos(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        return duration.compareTo(Duration.ofNanos(LATEST_NANOS)) >= 0
                ? LATEST_NANOS
                : duration.toNanos();
    }

    @Override
    public String toString() {
        return "virtual time " + now();
    }

    private final class Task implements Timer {
        final long due;
        final long number;

        /**
         * Guarded by the lock of its time. Null once it runs, ran or was cancelled: a kept handle
         * keeps nothing else alive.
         */
        private @Nullable Runnable work;

        Task(long due, long number, Runnable work) {
            this.due = due;
            this.number = number;
            this.work = work;
        }

        @Override
        public boolean cancel() {
            synchronized (lock) {
                if (work == null) {
                    return false;
                }
                work = null;
                cancelled++;
                if (cancelled >= SWEEP_MIN && cancelled > tasks.size() / 2) {
                    sweep();
                }
                return true;
            }
        }
    }

    @GuardedBy("lock")
    private void sweep() {
        ArrayList<Task> kept = new ArrayList<>(tasks.size() - cancelled);
        for (Task task : tasks) {
            if (task.work != null) {
                kept.add(task);
            }
        }
        tasks = newQueue();
        tasks.addAll(kept);
        cancelled = 0;
    }
}
