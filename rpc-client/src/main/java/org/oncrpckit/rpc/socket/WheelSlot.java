package org.oncrpckit.rpc.socket;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The timers of one slot of the wheel: a doubly linked list through the timers. Thread-safe. */
final class WheelSlot {
    @GuardedBy("this")
    private @Nullable WheelTimer first;

    /** Written under the lock, read without it. */
    private volatile int size;

    /**
     * Adds a timer unless the wheel has come to its tick already.
     *
     * @param currentTick asked under the lock, so that the wheel either finds the timer here or has
     *     been seen to be past it
     * @return false when it came too late
     */
    synchronized boolean add(WheelTimer timer, LongSupplier currentTick) {
        if (currentTick.getAsLong() >= timer.tick()) {
            return false;
        }
        timer.link(this, first);
        first = timer;
        setSize(size + 1);
        return true;
    }

    synchronized void remove(WheelTimer timer) {
        if (!timer.isLinkedIn(this)) {
            return;
        }
        if (first == timer) {
            first = timer.next();
        }
        timer.unlink();
        setSize(size - 1);
    }

    /** Moves the timers due at this tick, or before, into the queue, earliest scheduled first. */
    synchronized void takeDue(long tick, ArrayDeque<WheelTimer> due) {
        WheelTimer timer = first;
        while (timer != null) {
            WheelTimer next = timer.next();
            if (timer.tick() <= tick) {
                if (first == timer) {
                    first = next;
                }
                timer.unlink();
                setSize(size - 1);
                due.addFirst(timer);
            }
            timer = next;
        }
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    @GuardedBy("this")
    private void setSize(int value) {
        size = value;
    }
}
