package org.oncrpckit.rpc.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.testing.TestSeed;

class RoundTripEstimatorTest {
    private static final long MS = 1_000_000;

    private final RoundTripEstimator estimator = new RoundTripEstimator();

    @Test
    void firstSampleSetsTimeOutToThreeTimesItself() {
        estimator.sample(500 * MS);
        assertThat(estimator.smoothed()).isEqualTo(500 * MS);
        assertThat(estimator.deviation()).isEqualTo(250 * MS);
        assertThat(estimator.timeout()).isEqualTo(1_500 * MS);
    }

    @Test
    void laterSamplesAreSmoothed() {
        estimator.sample(800 * MS);
        estimator.sample(1_600 * MS);
        // RTTVAR = 3/4 * 400 + 1/4 * 800, then SRTT = 7/8 * 800 + 1/8 * 1600
        assertThat(estimator.deviation()).isEqualTo(500 * MS);
        assertThat(estimator.smoothed()).isEqualTo(900 * MS);
        assertThat(estimator.timeout()).isEqualTo(2_900 * MS);
    }

    @Test
    void formulaOfTheRfcHoldsForRandomSamples() {
        Random random = new Random(TestSeed.of(getClass()));
        double smoothed = 0;
        double deviation = 0;
        for (int i = 0; i < 10_000; i++) {
            long sample = random.nextLong(3_000 * MS);
            if (i == 0) {
                smoothed = sample;
                deviation = sample / 2.0;
            } else {
                deviation = 0.75 * deviation + 0.25 * Math.abs(smoothed - sample);
                smoothed = 0.875 * smoothed + 0.125 * sample;
            }
            estimator.sample(sample);
            assertThat((double) estimator.smoothed()).isCloseTo(smoothed, within());
            assertThat((double) estimator.deviation()).isCloseTo(deviation, within());
        }
    }

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.data.Offset.offset(1_000.0);
    }

    @Test
    void backOffStaysUntilTheNextSampleAndIsBounded() {
        estimator.sample(100 * MS);
        estimator.backOff(400 * MS);
        estimator.backOff(300 * MS);
        assertThat(estimator.timeout()).isEqualTo(800 * MS);
        estimator.backOff(Long.MAX_VALUE);
        assertThat(estimator.timeout()).isEqualTo(RoundTripEstimator.KEPT_NANOS_MAX);
        estimator.sample(100 * MS);
        assertThat(estimator.timeout()).isLessThan(400 * MS);
    }

    @Test
    void intervalRespectsThePolicy() {
        Retransmission policy =
                new Retransmission(Duration.ofMillis(700), Duration.ofSeconds(1), 9, true);
        assertThat(estimator.firstInterval(policy)).isEqualTo(700 * MS);
        estimator.sample(5_000 * MS);
        assertThat(estimator.firstInterval(policy)).isEqualTo(1_000 * MS);
        Retransmission fixed =
                new Retransmission(Duration.ofMillis(700), Duration.ofSeconds(1), 9, false);
        assertThat(estimator.firstInterval(fixed)).isEqualTo(700 * MS);
    }
}
