package org.oncrpckit.rpc.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.testing.HeldResources;
import org.oncrpckit.rpc.testing.TestSeed;
import org.oncrpckit.rpc.transport.Timers.Timer;

class WheelTimersTest {
    /** So short that the wheel turns once in 82 ms, and a test sees it turn. */
    private static final long SHORT_TICK_NANOS = 20_000;

    private final WheelTimers timers = new WheelTimers(System::nanoTime, SHORT_TICK_NANOS);

    @AfterEach
    void close() {
        timers.close();
    }

    /** What the test knows of one timer. */
    private static final class Planned {
        long earliest;
        boolean cancelled;
        final AtomicInteger runs = new AtomicInteger();
        volatile long ranAt;
        Timer timer;
    }

    @Test
    void everyTimerRunsOnceInTimeOrIsCancelledWhateverOtherThreadsDo() throws Exception {
        long seed = TestSeed.of(getClass());
        ConcurrentLinkedQueue<Planned> all = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            SplittableRandom random = new SplittableRandom(seed + t);
            Thread thread = new Thread(() -> plan(random, all));
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }

        await().until(
                        () ->
                                all.stream()
                                        .filter(planned -> !planned.cancelled)
                                        .allMatch(planned -> planned.runs.get() > 0));
        for (Planned planned : all) {
            assertThat(planned.runs.get()).isEqualTo(planned.cancelled ? 0 : 1);
            if (!planned.cancelled) {
                assertThat(planned.ranAt - planned.earliest).isNotNegative();
                assertThat(planned.timer.cancel()).isFalse();
            }
        }
        assertThat(timers.pending()).isZero();
    }

    /** Delays of up to five turns of the wheel; half of the timers cancelled, early or late. */
    private void plan(SplittableRandom random, ConcurrentLinkedQueue<Planned> all) {
        List<Planned> own = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            Planned planned = new Planned();
            long delay = random.nextLong(-1000, random.nextBoolean() ? 2_000_000 : 400_000_000);
            planned.earliest = System.nanoTime() + delay;
            planned.timer =
                    timers.schedule(
                            Duration.ofNanos(delay),
                            () -> {
                                planned.ranAt = System.nanoTime();
                                planned.runs.incrementAndGet();
                            });
            own.add(planned);
            if (random.nextBoolean()) {
                Planned victim = own.get(random.nextInt(own.size()));
                victim.cancelled |= victim.timer.cancel();
            }
        }
        all.addAll(own);
    }

    @Test
    void timersOfTheSameDelayRunInTheOrderOfScheduling() {
        List<Integer> order = new CopyOnWriteArrayList<>();
        CountDownLatch started = new CountDownLatch(1);
        timers.schedule(Duration.ZERO, () -> awaitQuietly(started));
        for (int i = 0; i < 1000; i++) {
            int number = i;
            timers.schedule(Duration.ofMillis(20), () -> order.add(number));
        }
        started.countDown();

        await().until(() -> order.size() == 1000);
        assertThat(order).isSorted();
    }

    @Test
    void slotThatTheWheelHasPassedTakesNoTimer() {
        WheelSlot slot = new WheelSlot();

        assertThat(slot.add(new WheelTimer(7, () -> {}), () -> 7)).isFalse();
        assertThat(slot.add(new WheelTimer(7, () -> {}), () -> 6)).isTrue();
        assertThat(slot.size()).isOne();
    }

    @Test
    void cancelledTimersLeaveAtOnce() {
        for (int i = 0; i < 1_000_000; i++) {
            assertThat(timers.schedule(Duration.ofHours(1), () -> {}).cancel()).isTrue();
        }

        assertThat(timers.pending()).isZero();
    }

    @Test
    void sleepingThreadIsWokenForAnEarlierTimer() {
        AtomicInteger runs = new AtomicInteger();
        for (int i = 0; i < 50; i++) {
            timers.schedule(Duration.ofHours(1), () -> {});
            timers.schedule(Duration.ofSeconds(60).dividedBy(i + 1), () -> {});
            timers.schedule(Duration.ofMillis(1), runs::incrementAndGet);
            int expected = i + 1;
            await().pollInterval(Duration.ofMillis(1)).until(() -> runs.get() == expected);
        }
    }

    @Test
    void taskThatThrowsHurtsNoOther() {
        AtomicInteger runs = new AtomicInteger();
        timers.schedule(
                Duration.ZERO,
                () -> {
                    throw new AssertionError("expected in the log of this test");
                });
        timers.schedule(Duration.ofMillis(1), runs::incrementAndGet);

        await().until(() -> runs.get() == 1);
    }

    @Test
    void endlessDelayIsNoOverflow() {
        Timer timer = timers.schedule(Duration.ofSeconds(Long.MAX_VALUE), () -> {});

        assertThat(timers.pending()).isOne();
        assertThat(timer.cancel()).isTrue();
    }

    @Test
    void interruptDoesNotEndTheThread() {
        AtomicInteger runs = new AtomicInteger();
        timers.schedule(Duration.ZERO, () -> Thread.currentThread().interrupt());
        timers.schedule(Duration.ofMillis(5), runs::incrementAndGet);

        await().until(() -> runs.get() == 1);
    }

    @Test
    void afterTheCloseNothingRunsAndNothingStays() {
        AtomicLong ahead = new AtomicLong();
        AtomicInteger runs = new AtomicInteger();
        Set<Thread> before = HeldResources.threads();
        WheelTimers closing =
                new WheelTimers(() -> System.nanoTime() + ahead.get(), SHORT_TICK_NANOS);
        Timer early = closing.schedule(Duration.ofHours(1), runs::incrementAndGet);
        closing.close();
        closing.close();
        Timer late = closing.schedule(Duration.ZERO, runs::incrementAndGet);
        ahead.set(Duration.ofHours(2).toNanos());

        assertThat(early.cancel()).isFalse();
        assertThat(late.cancel()).isFalse();
        assertThat(closing.pending()).isZero();
        assertThat(HeldResources.threadsSince(before)).as("who could run them").isEmpty();
        assertThat(runs).hasValue(0);
    }

    @Test
    void taskMayCloseTheTimers() {
        CountDownLatch closed = new CountDownLatch(1);
        timers.schedule(
                Duration.ZERO,
                () -> {
                    timers.close();
                    closed.countDown();
                });

        await().until(() -> closed.getCount() == 0);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
