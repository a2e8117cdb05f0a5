package org.oncrpckit.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordMarkTest {
    @ParameterizedTest
    @CsvSource({
        "0x80000000, true, 0",
        "0x00000000, false, 0",
        "0x80000028, true, 40",
        "0x00000028, false, 40",
        "0x7fffffff, false, 2147483647",
        "0xffffffff, true, 2147483647"
    })
    void topBitSaysLastAndTheRestIsTheLength(long word, boolean last, int length) {
        RecordMark mark = new RecordMark(last, length);
        assertThat(mark.word()).isEqualTo((int) word);
        assertThat(RecordMark.of((int) word)).isEqualTo(mark);
    }

    @Test
    void negativeLengthIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RecordMark(true, -1))
                .withMessage("fragment length -1 (expected: >= 0)");
    }
}
