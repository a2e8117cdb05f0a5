package org.oncrpckit.nlm.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oncrpckit.lock.LockRange;

class WireRangeTest {
    private static final String END = "18446744073709551615";

    @ParameterizedTest
    @CsvSource({
        // offset, length, first, last
        "0, 0, 0, " + END,
        "0, 1, 0, 0",
        "5, 10, 5, 14",
        "7, 0, 7, " + END,
        "0, 18446744073709551615, 0, " + END,
        "7, 18446744073709551615, 7, " + END,
        "0, 9223372036854775807, 0, 9223372036854775806",
        "0, 9223372036854775808, 0, " + END,
        "1, 9223372036854775807, 1, " + END,
        "9223372036854775806, 1, 9223372036854775806, 9223372036854775806",
        "9223372036854775806, 2, 9223372036854775806, " + END,
        "9223372036854775807, 1, 9223372036854775807, " + END,
        "9223372036854775807, 0, 9223372036854775807, " + END,
        "9223372036854775807, 18446744073709551615, 9223372036854775807, " + END,
    })
    void bug17_rangesThatExist(String offset, String length, String first, String last) {
        assertThat(WireRange.toRange(number(offset), number(length)))
                .contains(new LockRange(number(first), number(last)));
    }

    @ParameterizedTest
    @CsvSource({
        "9223372036854775808, 0",
        "9223372036854775808, 1",
        "18446744073709551615, 0",
        "18446744073709551615, 18446744073709551615",
        "9223372036854775807, 2",
        "9223372036854775806, 3",
        "1, 9223372036854775808",
        "0, 9223372036854775809",
        "0, 18446744073709551614",
        "2, 18446744073709551614",
    })
    void bug01_rangesThatAreTooBig(String offset, String length) {
        assertThat(WireRange.toRange(number(offset), number(length))).isEmpty();
    }

    @Test
    void aHolderToTheEndHasLengthZero() {
        LockRange toEnd = new LockRange(5, LockRange.END);
        assertThat(WireRange.offset(toEnd)).isEqualTo(5);
        assertThat(WireRange.length(toEnd)).isZero();
        assertThat(WireRange.length(new LockRange(5, Long.MAX_VALUE))).isZero();
        assertThat(WireRange.length(new LockRange(5, 14))).isEqualTo(10);
        assertThat(WireRange.length(new LockRange(0, Long.MAX_VALUE - 1)))
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aHolderBeyondWhatClientsCanNameIsTrimmed() {
        LockRange beyond = new LockRange(Long.MIN_VALUE + 5, Long.MIN_VALUE + 6);
        assertThat(WireRange.offset(beyond)).isEqualTo(Long.MAX_VALUE);
        assertThat(WireRange.length(beyond)).isZero();
    }

    private static long number(String unsigned) {
        return Long.parseUnsignedLong(unsigned);
    }
}
