package org.oncrpckit.xdr;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DerivedMemoTest {
    private final List<Opaque> made = new ArrayList<>();
    private final DerivedMemo<String> memo =
            new DerivedMemo<>(
                    4,
                    bytes -> {
                        made.add(bytes);
                        return bytes.toString();
                    });

    @Test
    void equalBytesAreMadeOneObject() {
        String first = memo.get(Opaque.ofUtf8("a"));
        assertThat(memo.get(Opaque.ofUtf8("a"))).isSameAs(first);
        assertThat(made).hasSize(1);
    }

    /** More values than slots: whatever was pushed out, each answer is right. */
    @Test
    void valuesThatPushEachOtherOutAreRight() {
        for (int round = 0; round < 3; round++) {
            for (byte i = 0; i < 100; i++) {
                assertThat(memo.get(Opaque.copyOf(i))).isEqualTo(Opaque.copyOf(i).toString());
            }
        }
        assertThat(made).hasSize(300);
    }

    @Test
    void valuesOfLongBytesAreNotKept() {
        Opaque tooLong = Opaque.copyOf(new byte[OpaqueMemo.LENGTH_MAX + 1]);
        assertThat(memo.get(tooLong)).isEqualTo(memo.get(tooLong));
        assertThat(made).hasSize(2);
    }
}
