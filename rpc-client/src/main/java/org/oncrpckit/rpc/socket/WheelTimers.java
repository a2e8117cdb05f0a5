package org.oncrpckit.rpc.socket;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.oncrpckit.rpc.transport.RateLimitedLog;
import org.oncrpckit.rpc.transport.Timers;
import org.slf4j.LoggerFactory;

/**
 * Real time: a hashed wheel turned by one thread. Scheduling and cancelling cost O(1) and contend
 * only with timers of the same slot. A cancelled timer leaves the wheel at once. Tasks run up to a
 * tick, 1 ms, late; the thread sleeps while nothing is due.
 *
 * <p>Thread-safe. After {@link #close} nothing runs any more, and what is scheduled counts as
 * cancelled.
 */
public final class WheelTimers implements Timers, AutoCloseable {
    /** How long closing waits for a task that runs. */
    private static final long CLOSE_WAIT_MILLIS = 5_000;

    private static final long TICK_NANOS = 1_000_000;

    /** Slots of the wheel; a power of two. With ticks of 1 ms one turn takes about 4 seconds. */
    private static final int SLOTS = 4096;

    /** Longer delays are cut to this; far from overflow: 100 years. */
    private static final Duration DELAY_MAX = Duration.ofDays(36_500);

    /** The thread is awake and looks at all slots before it sleeps. */
    private static final long AWAKE = Long.MIN_VALUE;

    /** The thread looks for the next slot, or found none: every new timer must wake it. */
    private static final long ASLEEP = Long.MAX_VALUE;

    private final LongSupplier clock;
    private final long tickNanos;
    private final long origin;
    private final WheelSlot[] slots = new WheelSlot[SLOTS];
    private final RateLimitedLog failures;
    private final Thread thread;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** The last tick whose slot was looked at, or is being looked at. Written by the thread. */
    private volatile long currentTick;

    /** The tick that the thread sleeps until, or one of the marks above. */
    private volatile long wakeTick = AWAKE;

    /** Starts the thread, a daemon. */
    public WheelTimers() {
        this(System::nanoTime, TICK_NANOS);
    }

    /** With another clock, which must not stand still for ever, and another tick. */
    WheelTimers(LongSupplier clock, long tickNanos) {
        this.clock = clock;
        this.tickNanos = tickNanos;
        this.origin = clock.getAsLong();
        this.failures = new RateLimitedLog(LoggerFactory.getLogger(WheelTimers.class), clock);
        for (int i = 0; i < SLOTS; i++) {
            slots[i] = new WheelSlot();
        }
        thread = new Thread(this::turn, "oncrpckit-timers");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public long nanoTime() {
        return clock.getAsLong();
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        Objects.requireNonNull(task, "task");
        WheelTimer timer = new WheelTimer(tickAfter(delay), task);
        if (closed.get()) {
            timer.cancel();
            return timer;
        }
        while (true) {
            WheelSlot slot = slot(timer.tick());
            if (slot.add(timer, this::currentTick)) {
                break;
            }
            // The wheel has passed the slot meanwhile: the next one is due at once.
            timer.postpone(currentTick + 1);
        }
        if (closed.get()) {
            timer.cancel();
        }
        if (timer.tick() < wakeTick) {
            LockSupport.unpark(thread);
        }
        return timer;
    }

    /**
     * Timers in the wheel: neither run nor cancelled. For tests and statistics; walks all slots.
     */
    public int pending() {
        int sum = 0;
        for (WheelSlot slot : slots) {
            sum += slot.size();
        }
        return sum;
    }

    /**
     * Drops all timers and ends the thread; waits for a task that runs, at most five seconds,
     * unless the caller is that task. Idempotent.
     */
    @Override
    public void close() {
        closed.set(true);
        LockSupport.unpark(thread);
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join(CLOSE_WAIT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long currentTick() {
        return currentTick;
    }

    private WheelSlot slot(long tick) {
        return slots[(int) (tick & (SLOTS - 1))];
    }

    /** The first tick that is not before the end of the delay. */
    private long tickAfter(Duration delay) {
        Duration wait = delay.compareTo(DELAY_MAX) < 0 ? delay : DELAY_MAX;
        long end = clock.getAsLong() - origin + (wait.isNegative() ? 0 : wait.toNanos());
        return Math.max((end + tickNanos - 1) / tickNanos, currentTick + 1);
    }

    private void turn() {
        ArrayDeque<WheelTimer> due = new ArrayDeque<>();
        while (!closed.get()) {
            long now = (clock.getAsLong() - origin) / tickNanos;
            // After a long sleep one look at every slot is enough.
            long tick = Math.max(currentTick, now - SLOTS);
            while (tick < now) {
                tick++;
                currentTick = tick;
                slot(tick).takeDue(now, due);
                runAll(due);
            }
            sleep();
        }
        for (WheelSlot slot : slots) {
            slot.takeDue(Long.MAX_VALUE, due);
        }
        due.forEach(WheelTimer::cancel);
    }

    private void runAll(ArrayDeque<WheelTimer> due) {
        for (WheelTimer timer; (timer = due.poll()) != null && !closed.get(); ) {
            try {
                timer.run();
            } catch (RuntimeException | Error e) {
                failures.warn("a timer's task failed", e);
            }
        }
    }

    /** Sleeps until the next slot that holds timers, or until a timer for an earlier one comes. */
    private void sleep() {
        wakeTick = ASLEEP;
        long tick = currentTick + 1;
        long end = tick + SLOTS;
        while (tick < end && slot(tick).isEmpty()) {
            tick++;
        }
        if (tick == end) {
            if (!closed.get()) {
                LockSupport.park(this);
            }
        } else {
            wakeTick = tick;
            long wait = tick * tickNanos - (clock.getAsLong() - origin);
            if (wait > 0 && !closed.get()) {
                LockSupport.parkNanos(this, wait);
            }
        }
        // Our own: it ends no task, and would only turn sleep into spinning.
        var unused = Thread.interrupted();
        wakeTick = AWAKE;
    }
}
