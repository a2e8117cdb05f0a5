package org.oncrpckit.nlm;

import java.time.Duration;
import java.util.Arrays;
import org.oncrpckit.nlm.LinuxClient.Waiter;
import org.oncrpckit.nlm.protocol.NlmStatus;

/** One thread over an emulated kernel. */
final class LinuxProgram extends RandomProgram {
    private final LinuxClient kernel;
    private final LinuxClient.Owner owner;

    LinuxProgram(Script script, LinuxClient kernel) {
        super(script);
        this.kernel = kernel;
        this.owner = kernel.owner();
    }

    boolean runsOn(LinuxClient one) {
        return kernel == one;
    }

    @Override
    void tryLock(int first, int last, boolean exclusive) {
        var unused =
                kernel.sendLock(owner, World.FILE, first, last - first + 1, exclusive, false, false)
                        .thenAccept(
                                status -> {
                                    if (status == NlmStatus.GRANTED) {
                                        has(first, last, exclusive);
                                    }
                                    think();
                                });
    }

    @Override
    void waitFor(int first, int last, boolean exclusive) {
        Waiter waiter = kernel.waitFor(owner, World.FILE, first, last - first + 1, exclusive);
        long patienceNanos = script.millis(1000, 60_000).toNanos();
        watch(waiter, first, last, script.world.time.nanoTime() + patienceNanos);
    }

    /** A waiter of this kernel has its lock: perhaps this one's. */
    void waiterHas(Waiter waiter) {
        if (waiter.owner.equals(owner)) {
            int last = (int) (waiter.offset + waiter.length - 1);
            has((int) waiter.offset, last, waiter.exclusive);
        }
    }

    /** Notices, as fast as a thread would, how its waiter is getting on. */
    private void watch(Waiter waiter, int first, int last, long patienceEnds) {
        if (isDead()) {
            return;
        }
        if (waiter.has) {
            think();
        } else if (waiter.failed) {
            closeAll(this::think); // Deadlock: it gives up all that it has.
        } else if (!script.isWinding()
                && !waiter.asking
                && script.world.time.nanoTime() - patienceEnds > 0
                && script.random.nextBoolean()) {
            giveUp(waiter, first, last);
        } else {
            script.world.time.schedule(
                    Duration.ofMillis(1), () -> watch(waiter, first, last, patienceEnds));
        }
    }

    private void giveUp(Waiter waiter, int first, int last) {
        waiter.stop();
        var unused =
                kernel.sendCancel(waiter)
                        .thenAccept(
                                status -> {
                                    if (status == NlmStatus.DENIED) {
                                        unlockSome(first, last);
                                    } else {
                                        think();
                                    }
                                });
    }

    @Override
    void unlock(int first, int last) {
        var unused =
                kernel.sendUnlock(owner, World.FILE, first, last - first + 1).thenRun(this::think);
    }

    @Override
    void close(Runnable next) {
        var unused = kernel.sendUnlock(owner, World.FILE, 0, 0).thenRun(next);
    }

    @Override
    public String toString() {
        return kernel.name + " " + kernel.version + " " + owner.svid() + Arrays.toString(belief);
    }
}
