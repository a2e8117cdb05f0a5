package org.oncrpckit.xdr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.oncrpckit.testing.Hex.hex;
import static org.oncrpckit.testing.Hex.words;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oncrpckit.testing.Seed;

class XdrWriterTest {
    private final XdrWriter writer = new XdrWriter();

    @Test
    void numbersAreBigEndian() {
        writer.writeInt(0x01020304);
        writer.writeUnsignedInt(0xffff_fffeL);
        writer.writeLong(0x0102030405060708L);
        writer.writeBoolean(true);
        writer.writeBoolean(false);
        writer.writeFloat(1);
        writer.writeDouble(1);
        assertThat(words(writer.toByteArray()))
                .isEqualTo(
                        "01020304 fffffffe 01020304 05060708 00000001 00000000 3f800000"
                                + " 3ff00000 00000000");
    }

    @Test
    void payloadOfNotANumberSurvives() throws XdrException {
        writer.writeFloat(Float.intBitsToFloat(0x7fc0_1234));
        writer.writeDouble(Double.longBitsToDouble(0x7ff8_0000_0000_5678L));
        assertThat(words(writer.toByteArray())).isEqualTo("7fc01234 7ff80000 00005678");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0x1_0000_0000L, Long.MIN_VALUE})
    void unsignedIntegerOutOfRangeIsRefused(long value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer.writeUnsignedInt(value))
                .withMessage(value + " (expected: 0 to 4294967295)");
        assertThat(writer.position()).isZero();
    }

    @Test
    void opaqueCarriesLengthAndZeroPadding() {
        writer.writeOpaque(Opaque.ofUtf8("abcde"));
        writer.writeOpaque(Opaque.EMPTY);
        writer.writeOpaque(ByteBuffer.wrap(hex("0102")));
        writer.writeString("é");
        assertThat(words(writer.toByteArray()))
                .isEqualTo(
                        "00000005 61626364 65000000 00000000 00000002 01020000 00000002 c3a90000");
    }

    @Test
    void paddingIsZeroEvenWhereTheMemoryWasUsedBefore() {
        writer.writeLong(-1);
        writer.writeLong(-1);
        writer.clear();
        writer.writeFixedBytes(hex("01"));
        writer.writeOpaque(Opaque.copyOf(hex("02")));
        assertThat(words(writer.toByteArray())).isEqualTo("01000000 00000001 02000000");
    }

    @Test
    void buffersAreWrittenWithoutMovingThem() {
        ByteBuffer buffer = ByteBuffer.wrap(hex("00010203 04")).position(1);
        writer.writeOpaque(buffer);
        writer.writeFixedBytes(buffer);
        writer.writeRaw(buffer);
        assertThat(buffer.position()).isEqualTo(1);
        assertThat(words(writer.toByteArray())).isEqualTo("00000004 01020304 01020304 01020304");
    }

    @Test
    void rawBytesGetNoPadding() {
        writer.writeRaw(ByteBuffer.wrap(hex("0102")));
        assertThat(writer.toByteArray()).containsExactly(1, 2);
    }

    @Test
    void halfASurrogatePairIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer.writeString("a\ud800"))
                .withMessage("text of 2 characters with half a surrogate pair");
        assertThat(writer.position()).isZero();
    }

    @Test
    void growsFromNothingAndKeepsWhatWasWritten() {
        Random random = Seed.random("growsFromNothingAndKeepsWhatWasWritten");
        XdrWriter growing = new XdrWriter(0);
        ByteBuffer expected = ByteBuffer.allocate(200_000);
        while (expected.position() < 100_000) {
            byte[] bytes = new byte[random.nextInt(500) * 4];
            random.nextBytes(bytes);
            growing.writeFixedBytes(bytes);
            expected.put(bytes);
        }
        assertThat(growing.toByteBuffer()).isEqualTo(expected.flip());
        assertThat(growing.position()).isEqualTo(expected.limit());
    }

    @Test
    void bytesAndPaddingFitWhateverTheCapacity() {
        for (int capacity = 0; capacity <= 16; capacity++) {
            for (int length = 0; length <= 12; length++) {
                XdrWriter tight = new XdrWriter(capacity);
                tight.writeFixedBytes(new byte[length]);
                tight.writeFixedBytes(ByteBuffer.allocate(length));
                assertThat(tight.position()).isEqualTo(2 * ((length + 3) / 4 * 4));
            }
        }
    }

    @Test
    void memoryIsUsedUpBeforeItGrows() {
        XdrWriter tight = new XdrWriter(8);
        tight.writeInt(1);
        ByteBuffer view = tight.toByteBuffer();
        tight.writeInt(2);
        tight.setInt(0, 3);
        assertThat(view.getInt(0)).as("still the same memory").isEqualTo(3);
    }

    @Test
    void limitIsReachedAndNotPassed() {
        XdrWriter small = new XdrWriter(4, 12);
        small.writeInt(1);
        small.writeLong(2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> small.writeInt(3))
                .withMessage("message of 16 bytes (limit 12)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> small.writeRaw(ByteBuffer.allocate(1)))
                .withMessage("message of 13 bytes (limit 12)");
        assertThat(words(small.toByteArray())).isEqualTo("00000001 00000000 00000002");
    }

    @Test
    void limitCountsPadding() {
        XdrWriter small = new XdrWriter(0, 6);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> small.writeFixedBytes(new byte[5]))
                .withMessage("message of 8 bytes (limit 6)");
    }

    @Test
    void defaultLimitIsOneMebibyteOrTheCapacityAskedFor() {
        writer.writeFixedBytes(new byte[XdrWriter.DEFAULT_BYTES_MAX]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer.writeInt(1))
                .withMessage("message of 1048580 bytes (limit 1048576)");

        XdrWriter large = new XdrWriter(XdrWriter.DEFAULT_BYTES_MAX + 4);
        large.writeFixedBytes(new byte[XdrWriter.DEFAULT_BYTES_MAX + 4]);
        assertThatIllegalArgumentException().isThrownBy(() -> large.writeInt(1));
    }

    @Test
    void impossibleCapacityIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new XdrWriter(5, 4))
                .withMessage("capacity of 5 bytes (limit 4)");
        assertThatIllegalArgumentException().isThrownBy(() -> new XdrWriter(-1, 4));
    }

    @Test
    void integersCanBePatchedWhereSomethingWasWritten() {
        writer.writeInt(0);
        writer.writeInt(2);
        writer.setInt(0, 8);
        assertThat(words(writer.toByteArray())).isEqualTo("00000008 00000002");
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> writer.setInt(5, 1));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> writer.setInt(-1, 1));
    }

    @Test
    void truncateTakesBackOnlyWhatWasWritten() {
        writer.writeInt(1);
        int good = writer.position();
        writer.writeLong(-1);
        writer.truncate(good);
        writer.writeInt(2);
        assertThat(words(writer.toByteArray())).isEqualTo("00000001 00000002");
        writer.truncate(8);
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> writer.truncate(9));
    }

    @Test
    void clearedWriterStartsAnew() {
        writer.writeLong(1);
        writer.clear();
        assertThat(writer.position()).isZero();
        assertThat(writer.toByteArray()).isEmpty();
        writer.writeInt(5);
        assertThat(words(writer.toByteArray())).isEqualTo("00000005");
    }

    @Test
    void viewIsTheSameBufferUntilTheMemoryGrows() {
        XdrWriter small = new XdrWriter(8);
        small.writeInt(1);
        ByteBuffer view = small.view();
        assertThat(view.remaining()).isEqualTo(4);
        assertThat(view.getInt()).isEqualTo(1);

        small.writeInt(2);
        assertThat(small.view()).isSameAs(view);
        assertThat(view.remaining()).isEqualTo(8);
        small.clear();
        assertThat(small.view().remaining()).isZero();

        small.writeLong(3);
        small.writeLong(4);
        assertThat(small.view().remaining()).isEqualTo(16);
        assertThat(small.view().getLong(8)).isEqualTo(4);
    }

    @Test
    void handsOutCopiesAndAView() {
        writer.writeInt(1);
        byte[] copy = writer.toByteArray();
        Opaque opaque = writer.toOpaque();
        ByteBuffer view = writer.toByteBuffer();
        writer.setInt(0, 2);
        assertThat(words(copy)).isEqualTo("00000001");
        assertThat(opaque).isEqualTo(Opaque.copyOf(copy));
        assertThat(view.getInt()).isEqualTo(2);
        assertThat(view.hasRemaining()).isFalse();
    }
}
