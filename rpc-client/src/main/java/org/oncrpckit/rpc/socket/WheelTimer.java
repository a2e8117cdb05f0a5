package org.oncrpckit.rpc.socket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.transport.Timers;

/**
 * A timer in the wheel. It holds its task, which is taken out exactly once: by the run or by the
 * cancel. Its links are guarded by its slot.
 */
final class WheelTimer implements Timers.Timer {
    private static final VarHandle WORK;

    static {
        try {
            WORK = MethodHandles.lookup().findVarHandle(WheelTimer.class, "work", Runnable.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Null once it runs, ran or was cancelled; taken through {@link #WORK}. */
    @SuppressWarnings("UnusedVariable") // Read through the handle.
    private volatile @Nullable Runnable work;

    private long tick;
    private volatile @Nullable WheelSlot slot;
    private @Nullable WheelTimer previous;
    private @Nullable WheelTimer next;

    WheelTimer(long tick, Runnable task) {
        this.work = task;
        this.tick = tick;
    }

    @Override
    public boolean cancel() {
        if (takeWork() == null) {
            return false;
        }
        WheelSlot linkedIn = slot;
        if (linkedIn != null) {
            linkedIn.remove(this);
        }
        return true;
    }

    void run() {
        Runnable task = takeWork();
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

    private @Nullable Runnable takeWork() {
        return (Runnable) WORK.getAndSet(this, null);
    }
}
