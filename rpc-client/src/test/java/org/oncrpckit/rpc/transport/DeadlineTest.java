package org.oncrpckit.rpc.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.simulation.VirtualTime;

class DeadlineTest {
    private final VirtualTime time = new VirtualTime();

    @Test
    void timeThatPassesIsNoLongerLeft() {
        Deadline deadline = Deadline.in(time, Duration.ofSeconds(10));
        time.advance(Duration.ofSeconds(10).minusNanos(1));
        assertThat(deadline.left()).isEqualTo(Duration.ofNanos(1));
        assertThat(deadline.isOver()).isFalse();

        time.advance(Duration.ofNanos(1));
        assertThat(deadline.isOver()).isTrue();
        time.advance(Duration.ofSeconds(5));
        assertThat(deadline.left()).isZero();
    }

    @Test
    void mayComeNearerAndNeverFurther() {
        Deadline deadline = Deadline.in(time, Duration.ofSeconds(10));
        deadline.shortenTo(Duration.ofSeconds(20));
        assertThat(deadline.left()).isEqualTo(Duration.ofSeconds(10));

        deadline.shortenTo(Duration.ofSeconds(3));
        assertThat(deadline.left()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void longestDurationsCanStillBeAddedToTheTime() {
        time.advance(Duration.ofDays(1000));
        Duration forEver = ChronoUnit.FOREVER.getDuration();
        Deadline deadline = Deadline.in(time, forEver);
        assertThat(deadline.left()).isGreaterThan(Duration.ofDays(70 * 365));
        assertThat(Deadline.nanos(forEver)).isEqualTo(Long.MAX_VALUE / 4);
        assertThat(Deadline.nanos(Duration.ofSeconds(2))).isEqualTo(2_000_000_000L);
    }
}
