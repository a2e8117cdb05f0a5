package org.oncrpckit.rpc.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.probe.Latencies.Summary;

class LatenciesTest {
    @Test
    void percentilesAreOfTheNearestRank() {
        Latencies latencies = new Latencies();
        for (int i = 200; i >= 1; i--) {
            latencies.add(Duration.ofNanos(i));
        }
        assertThat(latencies.summary()).isEqualTo(new Summary(1, 100, 180, 198, 200));
    }

    @Test
    void oneValueIsEveryPercentile() {
        Latencies latencies = new Latencies();
        assertThat(latencies.summary()).isEqualTo(new Summary(0, 0, 0, 0, 0));
        latencies.add(Duration.ofNanos(7));
        assertThat(latencies.summary()).isEqualTo(new Summary(7, 7, 7, 7, 7));
    }
}
