package org.oncrpckit.benchmarks.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Medians, ratios of rounds, and targets. */
class ComparisonTest {
    private final Comparison comparison =
            new Comparison(
                    Series.of(10, 30, 20),
                    Map.of("peer", Series.of(5, 10, 20)),
                    Series.of(20, 40, 40));

    @Test
    void medianIsTheMiddleOrTheMeanOfTheTwoThere() {
        assertThat(Series.of(3, 1, 2).median()).isEqualTo(2);
        assertThat(Series.of(4, 1, 2, 3).median()).isEqualTo(2.5);
    }

    @Test
    void ratioIsTakenRoundByRound() {
        Series ratios = Series.of(10, 30, 20).over(Series.of(5, 10, 20));

        assertThat(ratios.values()).containsExactly(2.0, 3.0, 1.0);
        assertThat(ratios.describe()).isEqualTo("2.00 (1.00 to 3.00)");
    }

    @Test
    void targetsCompareWithPeerLimitAndValue() {
        assertThat(new Target.TimesPeer(2, "peer").met(comparison)).isTrue();
        assertThat(new Target.TimesPeer(2.1, "peer").met(comparison)).isFalse();
        assertThat(new Target.AtMostTimesPeer(2, "peer").met(comparison)).isTrue();
        assertThat(new Target.AtMostTimesPeer(1.9, "peer").met(comparison)).isFalse();
        assertThat(new Target.TimesLimit(0.5).met(comparison)).isTrue();
        assertThat(new Target.TimesLimit(0.6).met(comparison)).isFalse();
        assertThat(new Target.AtLeast(20).met(comparison)).isTrue();
        assertThat(new Target.AtLeast(21).met(comparison)).isFalse();
        assertThat(new Target.AtMost(20).met(comparison)).isTrue();
        assertThat(new Target.AtMost(19).met(comparison)).isFalse();
    }

    @Test
    void targetIsMissedWhenThePeerIsMissing() {
        assertThat(new Target.TimesPeer(0.1, "absent").met(comparison)).isFalse();
        assertThat(new Target.TimesLimit(0.1).met(Comparison.alone(1))).isFalse();
    }

    @Test
    void figureIsMetOnlyWhenAllItsTargetsAre() {
        Target reached = new Target.TimesPeer(2, "peer");
        Target missed = new Target.TimesLimit(0.6);

        Figure one = comparison.figure("area", "name", "calls/s", List.of(reached));
        Figure both = comparison.figure("area", "name", "calls/s", List.of(reached, missed));
        Figure none = comparison.figure("area", "name", "calls/s", List.of());

        assertThat(one.met()).isTrue();
        assertThat(both.met()).isFalse();
        assertThat(both.target()).isEqualTo("≥ 2 × peer; ≥ 0.6 × limit");
        assertThat(none.hasTarget()).isFalse();
    }
}
