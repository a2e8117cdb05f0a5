package org.oncrpckit.benchmarks.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Percentiles from logarithmic buckets. */
class LatenciesTest {
    private static final double BUCKET = 1 / 32.0;

    @Test
    void percentilesAreRightWithinABucket() {
        Latencies latencies = new Latencies();
        for (int i = 1; i <= 100_000; i++) {
            latencies.add(i);
        }

        assertThat(latencies.micros(0.5)).isCloseTo(50, within(50 * BUCKET));
        assertThat(latencies.micros(0.99)).isCloseTo(99, within(99 * BUCKET));
        assertThat(latencies.micros(1)).isEqualTo(100);
        assertThat(latencies.longestMicros()).isEqualTo(100);
    }

    @Test
    void sumHasEverything() {
        Latencies first = new Latencies();
        Latencies second = new Latencies();
        first.add(1_000);
        second.add(3_000);

        first.addAll(second);

        assertThat(first.count()).isEqualTo(2);
        assertThat(first.longestMicros()).isEqualTo(3);
    }

    @Test
    void nothingMeasuredIsZero() {
        assertThat(new Latencies().micros(0.5)).isZero();
    }
}
