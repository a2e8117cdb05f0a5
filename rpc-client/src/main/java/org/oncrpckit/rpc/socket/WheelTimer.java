package org.oncrpckit.rpc.socket;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.transport.Timers;

/**
 * A timer in the wheel. It holds its task, which is taken out exactly once: by the run or by the
 * cancel. Its links are guarded by its slot.
 */
final class WheelTimer implements Timers.Timer {
    private final AtomicReference<@Nullable Runnable> work;

    private long tick;
    private volatile @Nullable WheelSlot slot;
    private @Nullable WheelTimer previous;
    private @Nullable WheelTimer next;

    WheelTimer(long tick, Runnable task) {
        this.work = new AtomicReference<>(task);
        this.tick = tick;
    }

    @Override
    public boolean cancel() {
        if (work.getAndSet(null) == null) {
            return false;
        }
        WheelSlot linkedIn = slot;
        if (linkedIn != null) {
            linkedIn.remove(this);
        }
        return true;
    }

    void run() {
        Runnable task = work.getAndSet(null);
        if (task != null) {
            task.run();
        }
    }

    long tick() {
        return tick;
    }

    /** Before it is in a slot. */
    void postpone(long laterTick) {
        tick = laterTick;
    }

    void link(WheelSlot in, @Nullable WheelTimer before) {
        slot = in;
        next = before;
        if (before != null) {
            before.previous = this;
        }
    }

    boolean isLinkedIn(WheelSlot in) {
        return slot == in;
    }

    @Nullable WheelTimer next() {
        return next;
    }

    void unlink() {
        if (previous != null) {
            previous.next = next;
        }
        if (next != null) {
            next.previous = previous;
        }
        previous = null;
        next = null;
        slot = null;
    }
}
