package org.oncrpckit.nsm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.simulation.VirtualTime;

class NoticeFilterTest {
    private static final InetAddress A = Hosts.client(1);
    private static final InetAddress B = Hosts.client(2);

    private final VirtualTime time = new VirtualTime();
    private final NoticeFilter filter = new NoticeFilter(time, 100);

    @Test
    void sameStateIsNewsOnce() {
        assertThat(filter.accept(A, 5)).isTrue();
        assertThat(filter.accept(A, 5)).isFalse();
        time.advance(Duration.ofHours(1));
        assertThat(filter.accept(A, 5)).isFalse();
        assertThat(filter.accept(A, 7)).isTrue();
    }

    @Test
    void hostsDoNotShareTheirStates() {
        assertThat(filter.accept(A, 5)).isTrue();
        assertThat(filter.accept(B, 5)).isTrue();
        assertThat(filter.accept(B, 3)).isFalse();
    }

    @Test
    void olderStateIsALateDatagramUntilNoNotifierTriesAnyLonger() {
        assertThat(filter.accept(A, 57)).isTrue();
        time.advance(NoticeFilter.STALE.minusSeconds(1));
        assertThat(filter.accept(A, 55)).isFalse();
        time.advance(Duration.ofSeconds(2));
        assertThat(filter.accept(A, 1)).as("a host that was installed anew").isTrue();
        assertThat(filter.accept(A, 3)).isTrue();
    }

    @Test
    void goingDownAndComingUpAreBothNews() {
        assertThat(filter.accept(A, 6)).isTrue();
        assertThat(filter.accept(A, 7)).isTrue();
    }

    @Test
    void numberThatNoHostHasIsNoNews() {
        assertThat(filter.accept(A, -1)).isFalse();
        assertThat(filter.accept(A, Integer.MIN_VALUE)).isFalse();
        assertThat(filter.size()).isZero();
    }

    @Test
    void hostThatNeverStopsIsHeardAtALimitedRateAndOthersAtOnce() {
        int heard = 0;
        for (int i = 0; i < 10_000; i++) {
            heard += filter.accept(A, 2 * i + 1) ? 1 : 0;
        }
        assertThat(heard).isEqualTo(NoticeFilter.BURST);
        assertThat(filter.accept(B, 1)).isTrue();
        time.advance(NoticeFilter.REFILL);
        assertThat(filter.accept(A, 30_001)).isTrue();
        assertThat(filter.accept(A, 30_003)).isFalse();
    }

    @Test
    void memoryIsBoundedByHosts() {
        for (int i = 0; i < 1000; i++) {
            filter.accept(Hosts.client(i), 1);
        }
        assertThat(filter.size()).isEqualTo(100);
        assertThat(filter.accept(Hosts.client(999), 1)).as("the last are remembered").isFalse();
    }
}
