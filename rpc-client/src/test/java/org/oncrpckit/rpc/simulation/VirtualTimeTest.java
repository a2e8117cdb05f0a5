package org.oncrpckit.rpc.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.transport.Timers.Timer;

class VirtualTimeTest {
    private final VirtualTime time = new VirtualTime();
    private final List<String> ran = new ArrayList<>();

    @Test
    void tasksRunByTimeThenByOrderOfScheduling() {
        time.schedule(Duration.ofMillis(2), () -> ran.add("late"));
        time.schedule(Duration.ofMillis(1), () -> ran.add("first"));
        time.schedule(Duration.ofMillis(1), () -> ran.add("second"));
        time.schedule(Duration.ofMillis(-5), () -> ran.add("overdue"));

        assertThat(ran).isEmpty();
        time.advance(Duration.ofMillis(1));
        assertThat(ran).containsExactly("overdue", "first", "second");
        time.advance(Duration.ofMillis(1));
        assertThat(ran).containsExactly("overdue", "first", "second", "late");
    }

    @Test
    void clockStandsAtTheTaskWhileItRunsAndAtTheEndAfterwards() {
        List<Instant> seen = new ArrayList<>();
        Instant start = time.now();
        time.schedule(Duration.ofSeconds(3), () -> seen.add(time.now()));

        time.advance(Duration.ofSeconds(10));

        assertThat(seen).containsExactly(start.plusSeconds(3));
        assertThat(time.now()).isEqualTo(start.plusSeconds(10));
        assertThat(time.nanoTime()).isEqualTo(10_000_000_000L);
    }

    @Test
    void whatTasksScheduleRunsInTheSamePassWhenDue() {
        time.schedule(
                Duration.ofMillis(1),
                () -> {
                    ran.add("outer");
                    time.schedule(Duration.ofMillis(1), () -> ran.add("inner"));
                    time.schedule(Duration.ofMillis(9), () -> ran.add("beyond"));
                });

        time.advance(Duration.ofMillis(5));

        assertThat(ran).containsExactly("outer", "inner");
        assertThat(time.pendingTasks()).isOne();
    }

    @Test
    void cancelledTaskDoesNotRunAndCancelSaysSo() {
        Timer timer = time.schedule(Duration.ofMillis(1), () -> ran.add("cancelled"));
        Timer other = time.schedule(Duration.ofMillis(1), () -> ran.add("kept"));

        assertThat(timer.cancel()).isTrue();
        assertThat(timer.cancel()).isFalse();
        time.advance(Duration.ofMillis(1));

        assertThat(ran).containsExactly("kept");
        assertThat(other.cancel()).isFalse();
    }

    @Test
    void cancelledTasksAreSweptOut() {
        List<Timer> timers = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            int number = i;
            timers.add(time.schedule(Duration.ofSeconds(i), () -> ran.add("" + number)));
        }
        for (int i = 0; i < 100_000; i++) {
            if (i != 77_777) {
                timers.get(i).cancel();
            }
        }

        assertThat(time.pendingTasks()).isOne();
        time.advance(Duration.ofDays(2));
        assertThat(ran).containsExactly("77777");
    }

    @Test
    void runUntilStopsAtTheTaskThatMakesItTrue() {
        time.schedule(Duration.ofMillis(1), () -> ran.add("one"));
        time.schedule(Duration.ofMillis(2), () -> ran.add("two"));
        time.schedule(Duration.ofMillis(3), () -> ran.add("three"));

        assertThat(time.runUntil(() -> ran.size() == 2, Duration.ofDays(1))).isTrue();
        assertThat(time.nanoTime()).isEqualTo(2_000_000);
        assertThat(time.runUntil(() -> ran.size() == 9, Duration.ofSeconds(1))).isFalse();
        assertThat(time.nanoTime()).isEqualTo(1_002_000_000);
    }

    @Test
    void exceptionOfATaskIsLoggedAndAnErrorEndsThePass() {
        time.schedule(
                Duration.ofMillis(1),
                () -> {
                    throw new IllegalStateException("expected in the log of this test");
                });
        time.schedule(
                Duration.ofMillis(2),
                () -> {
                    throw new AssertionError("seen");
                });

        assertThatThrownBy(() -> time.advance(Duration.ofSeconds(1)))
                .isInstanceOf(AssertionError.class)
                .hasMessage("seen");
        time.advance(Duration.ofSeconds(1));
    }

    @Test
    void tasksCannotLetTimePass() {
        List<Throwable> seen = new ArrayList<>();
        time.schedule(
                Duration.ZERO,
                () -> {
                    try {
                        time.advance(Duration.ofSeconds(1));
                    } catch (IllegalStateException e) {
                        seen.add(e);
                    }
                });

        time.advance(Duration.ZERO);

        assertThat(seen).singleElement().asString().contains("time passes already");
    }

    @Test
    void endlessDelayIsNoOverflow() {
        time.advance(Duration.ofDays(1));
        time.schedule(Duration.ofSeconds(Long.MAX_VALUE), () -> ran.add("never"));

        time.advance(Duration.ofDays(1000));

        assertThat(ran).isEmpty();
    }
}
