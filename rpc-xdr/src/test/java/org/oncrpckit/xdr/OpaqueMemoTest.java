package org.oncrpckit.xdr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oncrpckit.testing.Seed;

class OpaqueMemoTest {
    private final OpaqueMemo memo = new OpaqueMemo();

    @Test
    void equalBytesAreReadAsOneObject() throws XdrException {
        Opaque first = read(memo, (byte) 1, (byte) 2);
        assertThat(read(memo, (byte) 1, (byte) 2)).isSameAs(first);
        assertThat(read(memo, (byte) 1, (byte) 3)).isEqualTo(Opaque.copyOf((byte) 1, (byte) 3));
        assertThat(read(memo)).isSameAs(Opaque.EMPTY);
    }

    /** More values than slots: whatever was pushed out, each reading is right. */
    @Test
    void valuesThatPushEachOtherOutAreReadRight() throws XdrException {
        Random random = Seed.random("valuesThatPushEachOtherOutAreReadRight");
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] = (byte) random.nextInt(2);
            }
            assertThat(read(memo, bytes)).isEqualTo(Opaque.copyOf(bytes));
        }
    }

    @Test
    void longBytesAreNotKept() throws XdrException {
        byte[] bytes = new byte[OpaqueMemo.LENGTH_MAX + 1];
        Opaque first = read(memo, bytes);
        assertThat(read(memo, bytes)).isEqualTo(first).isNotSameAs(first);
        byte[] longest = new byte[OpaqueMemo.LENGTH_MAX];
        assertThat(read(memo, longest)).isSameAs(read(memo, longest));
    }

    @Test
    void noneRemembersNothing() throws XdrException {
        byte[] bytes = {1, 2, 3, 4};
        Opaque first = read(OpaqueMemo.NONE, bytes);
        assertThat(read(OpaqueMemo.NONE, bytes)).isEqualTo(first).isNotSameAs(first);
    }

    @Test
    void bytesThatAreMissingOrBadlyPaddedAreRefusedBeforeTheMemoIsAsked() {
        XdrReader tooShort = XdrReader.of(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThatExceptionOfType(XdrException.class)
                .isThrownBy(() -> tooShort.readFixedOpaque(3, memo));
        XdrReader padded = XdrReader.of(ByteBuffer.wrap(new byte[] {1, 2, 3, 9}));
        assertThatExceptionOfType(XdrException.class)
                .isThrownBy(() -> padded.readFixedOpaque(3, memo));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, -1, Integer.MIN_VALUE, 2 * OpaqueMemo.SLOTS_MAX})
    void slotsAreAPowerOfTwo(int slots) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OpaqueMemo(slots))
                .withMessage(slots + " slots (expected: a power of two, 1 to 65536)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DerivedMemo<>(slots, Opaque::length))
                .withMessage(slots + " slots (expected: a power of two, 1 to 65536)");
    }

    private static Opaque read(OpaqueMemo memo, byte... bytes) throws XdrException {
        byte[] padded = Arrays.copyOf(bytes, (bytes.length + 3) & ~3);
        return XdrReader.of(ByteBuffer.wrap(padded)).readFixedOpaque(bytes.length, memo);
    }
}
