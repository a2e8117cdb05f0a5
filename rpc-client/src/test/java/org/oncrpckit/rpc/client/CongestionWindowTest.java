package org.oncrpckit.rpc.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.testing.TestSeed;

class CongestionWindowTest {
    @Test
    void growsOnlyWhileItIsFull() {
        CongestionWindow window = new CongestionWindow(32);
        for (int i = 0; i < 1_000; i++) {
            window.answered(15);
        }
        assertThat(window.size()).isEqualTo(16);
        for (int i = 0; i < 1_000; i++) {
            window.answered(window.size());
        }
        assertThat(window.size()).isEqualTo(32);
    }

    @Test
    void callsLastSentBeforeACutBelongToTheSameLoss() {
        CongestionWindow window = new CongestionWindow(32);
        assertThat(window.lost(0, 100)).isTrue();
        assertThat(window.lost(50, 100)).isFalse();
        assertThat(window.lost(99, 150)).isFalse();
        assertThat(window.size()).isEqualTo(8);
        assertThat(window.lost(100, 200)).isTrue();
        assertThat(window.size()).isEqualTo(4);
    }

    @Test
    void smallMaximumIsKeptFromTheStart() {
        CongestionWindow window = new CongestionWindow(3);
        assertThat(window.size()).isEqualTo(3);
        window.answered(3);
        assertThat(window.size()).isEqualTo(3);
    }

    @Test
    void neverLeavesItsBounds() {
        Random random = new Random(TestSeed.of(getClass()));
        CongestionWindow window = new CongestionWindow(20);
        for (long now = 0; now < 100_000; now++) {
            if (random.nextInt(10) == 0) {
                window.lost(now - random.nextInt(5), now);
            } else {
                window.answered(random.nextInt(40));
            }
            assertThat(window.size()).isBetween(1, 20);
        }
    }

    @Test
    void noMaximumAtAllIsAMaximumToo() {
        CongestionWindow window = new CongestionWindow(Integer.MAX_VALUE);
        window.answered(window.size());
        assertThat(window.size()).isEqualTo(CongestionWindow.START);
        window.lost(0, 0);
        assertThat(window.size()).isEqualTo(CongestionWindow.START / 2);
    }
}
