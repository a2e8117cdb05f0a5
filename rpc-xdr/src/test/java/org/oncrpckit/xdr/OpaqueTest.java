package org.oncrpckit.xdr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpaqueTest {
    @Test
    void equalBytesAreEqualOpaquesWithEqualHashes() {
        Opaque one = Opaque.copyOf((byte) 1, (byte) 2);
        Opaque same = Opaque.copyOf((byte) 1, (byte) 2);
        assertThat(one).isEqualTo(same).hasSameHashCodeAs(same).isEqualTo(one);
        assertThat(one).isNotEqualTo(Opaque.copyOf((byte) 1, (byte) 3));
        assertThat(one).isNotEqualTo(Opaque.copyOf((byte) 1));
        assertThat(one.equals(new Object())).isFalse();
    }

    @Test
    void isAMapKey() {
        Map<Opaque, String> names = new HashMap<>();
        names.put(Opaque.ofUtf8("a"), "first");
        assertThat(names).containsEntry(Opaque.copyOf((byte) 'a'), "first");
        assertThat(names.get(Opaque.EMPTY)).isNull();
    }

    @Test
    void laterChangesOfTheSourceDoNotShow() {
        byte[] source = {1, 2};
        Opaque copy = Opaque.copyOf(source);
        source[0] = 9;
        assertThat(copy.toByteArray()).containsExactly(1, 2);
        copy.toByteArray()[0] = 9;
        assertThat(copy.toByteArray()).containsExactly(1, 2);
    }

    @Test
    void takesTheRemainingBytesOfABufferAndLeavesItAlone() {
        ByteBuffer buffer = ByteBuffer.wrap(new byte[] {1, 2, 3, 4}).position(1).limit(3);
        assertThat(Opaque.copyOf(buffer)).isEqualTo(Opaque.copyOf((byte) 2, (byte) 3));
        assertThat(buffer.position()).isEqualTo(1);
        assertThat(Opaque.copyOf(buffer.asReadOnlyBuffer()).length()).isEqualTo(2);
    }

    @Test
    void noBytesAreTheConstant() {
        assertThat(Opaque.copyOf()).isSameAs(Opaque.EMPTY);
        assertThat(Opaque.copyOf(ByteBuffer.allocate(0))).isSameAs(Opaque.EMPTY);
        assertThat(Opaque.ofUtf8("")).isSameAs(Opaque.EMPTY);
        assertThat(Opaque.EMPTY.length()).isZero();
    }

    @Test
    void viewCannotBeWritten() {
        Opaque opaque = Opaque.ofUtf8("ab");
        ByteBuffer view = opaque.asByteBuffer();
        assertThat(view.remaining()).isEqualTo(2);
        assertThatExceptionOfType(ReadOnlyBufferException.class)
                .isThrownBy(() -> view.put((byte) 0));
    }

    @Test
    void sortsByUnsignedBytesThenLength() {
        List<Opaque> sorted =
                List.of(
                        Opaque.EMPTY,
                        Opaque.copyOf((byte) 1),
                        Opaque.copyOf((byte) 1, (byte) 0),
                        Opaque.copyOf((byte) 0x7f),
                        Opaque.copyOf((byte) 0x80),
                        Opaque.copyOf((byte) 0xff));
        assertThat(sorted).isSortedAccordingTo(Opaque::compareTo);
        assertThat(sorted.get(2)).isEqualByComparingTo(Opaque.copyOf((byte) 1, (byte) 0));
    }

    @Test
    void printsAsHexadecimal() {
        assertThat(Opaque.copyOf((byte) 0xca, (byte) 0xfe, (byte) 10)).hasToString("cafe0a");
        assertThat(Opaque.EMPTY).hasToString("");
    }

    @Test
    void textBecomesUtf8() {
        assertThat(Opaque.ofUtf8("ä")).hasToString("c3a4");
        assertThatIllegalArgumentException().isThrownBy(() -> Opaque.ofUtf8("\udc00"));
    }
}
