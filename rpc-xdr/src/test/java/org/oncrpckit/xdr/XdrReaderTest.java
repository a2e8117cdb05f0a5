package org.oncrpckit.xdr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.oncrpckit.testing.Hex.hex;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oncrpckit.testing.Allocation;
import org.oncrpckit.testing.Wire;

class XdrReaderTest {
    @Test
    void numbersAreBigEndian() throws XdrException {
        XdrReader reader =
                reader(
                        "01020304 fffffffe 0102030405060708 fffffffffffffffe 40490fdb"
                                + " 400921fb54442d18");
        assertThat(reader.readInt()).isEqualTo(0x01020304);
        assertThat(reader.readUnsignedInt()).isEqualTo(4294967294L);
        assertThat(reader.readLong()).isEqualTo(0x0102030405060708L);
        assertThat(reader.readLong()).isEqualTo(-2L);
        assertThat(reader.readFloat()).isEqualTo((float) Math.PI);
        assertThat(reader.readDouble()).isEqualTo(Math.PI);
        reader.expectEnd();
    }

    @Test
    void positionAndRemainingFollowTheReads() throws XdrException {
        XdrReader reader = reader("00000001 00000002 00000003");
        assertThat(reader.position()).isZero();
        assertThat(reader.remaining()).isEqualTo(12);
        assertThat(reader.readInt()).isEqualTo(1);
        assertThat(reader.position()).isEqualTo(4);
        assertThat(reader.remaining()).isEqualTo(8);
    }

    @Test
    void positionCountsFromWhereTheBufferStood() throws XdrException {
        ByteBuffer buffer = ByteBuffer.wrap(hex("ffffffff 00000007")).position(4);
        XdrReader reader = XdrReader.of(buffer);
        assertThat(reader.position()).isZero();
        assertThat(reader.readInt()).isEqualTo(7);
        assertThat(buffer.position()).isEqualTo(4);
    }

    @Test
    void remainingBytesAreAReadOnlyViewThatDoesNotMoveTheReader() throws XdrException {
        XdrReader reader = reader("00000001 00000002");
        assertThat(reader.readInt()).isEqualTo(1);
        ByteBuffer rest = reader.remainingBytes();
        assertThat(rest.getInt()).isEqualTo(2);
        assertThat(reader.remaining()).isEqualTo(4);
        assertThat(rest.isReadOnly()).isTrue();
    }

    @Test
    void missingBytesAreNamedWithTheirOffset() throws XdrException {
        XdrReader reader = reader("00000001 0000");
        assertThat(reader.readInt()).isEqualTo(1);
        assertRefused(reader::readInt, "4 bytes wanted at offset 4 (2 left)");
        assertRefused(reader::readLong, "8 bytes wanted at offset 4 (2 left)");
        assertRefused(reader::readFloat, "4 bytes wanted at offset 4 (2 left)");
        assertRefused(reader::readDouble, "8 bytes wanted at offset 4 (2 left)");
        assertThat(reader.position()).as("a failed read takes nothing").isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({"00000002, 2", "ffffffff, -1", "01000000, 16777216"})
    void aBooleanIsZeroOrOne(String word, int value) {
        assertRefused(
                reader(word)::readBoolean, "boolean " + value + " at offset 0 (expected: 0 or 1)");
    }

    @Test
    void opaqueLongerThanItsLimitIsRefusedBeforeItsBytesAreLookedAt() {
        assertRefused(() -> reader("00000005").readOpaque(4), "length 5 at offset 0 (limit 4)");
        assertRefused(
                () -> reader("ffffffff").readOpaque(400),
                "length 4294967295 at offset 0 (limit 400)");
        assertRefused(
                () -> reader("80000000").readOpaque(Integer.MAX_VALUE),
                "length 2147483648 at offset 0 (limit 2147483647)");
    }

    @Test
    void opaqueThatReachesBeyondTheEndIsRefused() {
        assertRefused(
                () -> reader("00000005 61626364").readOpaque(8),
                "8 bytes wanted at offset 4 (4 left)");
        assertRefused(
                () -> reader("7fffffff 61626364").readOpaque(Integer.MAX_VALUE),
                "2147483648 bytes wanted at offset 4 (4 left)");
    }

    @Test
    void missingPaddingIsMissingBytes() {
        assertRefused(
                () -> reader("00000003 616263").readOpaque(8),
                "4 bytes wanted at offset 4 (3 left)");
        assertRefused(() -> reader("61").readFixedBytes(1), "4 bytes wanted at offset 0 (1 left)");
    }

    @ParameterizedTest
    @CsvSource({
        "00000003 61626301, 7, 1",
        "00000002 616200ff, 7, -1",
        "00000002 61628000, 6, -128",
        "00000001 61000200, 6, 2"
    })
    void paddingThatIsNotZeroIsRefused(String bytes, int offset, int value) {
        String message = "padding byte %d at offset %d (expected: 0)".formatted(value, offset);
        assertRefused(() -> reader(bytes).readOpaque(8), message);
        assertRefused(() -> reader(bytes).readString(8), message);
        assertRefused(() -> reader(bytes).readOpaqueSlice(8), message);
    }

    @Test
    void paddingIsIgnoredOnRequest() throws XdrException {
        XdrReader reader = reader("00000003 616263ff 00000001 61ffffff 62ff0102").ignorePadding();
        assertThat(reader.readOpaque(8)).isEqualTo(Opaque.ofUtf8("abc"));
        assertThat(reader.readString(8)).isEqualTo("a");
        assertThat(reader.readFixedOpaque(1)).isEqualTo(Opaque.ofUtf8("b"));
        reader.expectEnd();
    }

    @Test
    void fixedBytesHaveNoLengthOnTheWire() throws XdrException {
        XdrReader reader = reader("61626300 64656667");
        assertThat(reader.readFixedBytes(3)).containsExactly('a', 'b', 'c');
        assertThat(reader.readFixedBytes(0)).isEmpty();
        assertThat(reader.readFixedBytes(4)).containsExactly('d', 'e', 'f', 'g');
    }

    @Test
    void negativeLengthFromTheCallerIsABugNotBadData() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> reader("00000000").readFixedBytes(-1))
                .withMessage("length -1 (expected: >= 0)");
    }

    @Test
    void emptyOpaqueIsTheConstant() throws XdrException {
        assertThat(reader("00000000").readOpaque(8)).isSameAs(Opaque.EMPTY);
        assertThat(reader("").readFixedOpaque(0)).isSameAs(Opaque.EMPTY);
    }

    @Test
    void sliceSharesTheMessageAndCannotChangeIt() throws XdrException {
        for (Wire wire : Wire.values()) {
            XdrReader reader = XdrReader.of(wire.carry(hex("00000005 61626364 65000000 0000002a")));
            ByteBuffer slice = reader.readOpaqueSlice(8);
            assertThat(slice).isEqualTo(ByteBuffer.wrap(hex("6162636465")));
            assertThatExceptionOfType(ReadOnlyBufferException.class)
                    .isThrownBy(() -> slice.put(0, (byte) 0));
            assertThat(reader.readInt()).isEqualTo(42);
        }
    }

    @Test
    void sliceIsNotACopy() throws Exception {
        byte[] message = new byte[4 + (1 << 20)];
        ByteBuffer.wrap(message).putInt(0, 1 << 20);
        long taken =
                Allocation.bytesOf(
                        () -> {
                            XdrReader reader = XdrReader.of(ByteBuffer.wrap(message));
                            assertThat(reader.readOpaqueSlice(1 << 20).remaining())
                                    .isEqualTo(1 << 20);
                        });
        assertThat(taken).isLessThan(64 * 1024);
    }

    @ParameterizedTest
    @CsvSource({"00000001 ff000000", "00000002 c3280000", "00000003 eda08000", "00000002 c0800000"})
    void stringThatIsNotUtf8IsRefused(String bytes) {
        XdrReader reader = reader(bytes);
        assertThatExceptionOfType(XdrException.class)
                .isThrownBy(() -> reader.readString(8))
                .withMessageMatching("string of \\d bytes at offset 0 is not UTF-8");
    }

    @Test
    void lengthsUpToTheirLimitAreAccepted() throws XdrException {
        assertThat(reader("00000000").readLength(0)).isZero();
        assertThat(reader("00000007").readLength(7)).isEqualTo(7);
        assertThat(reader("7fffffff").readLength(Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
        assertRefused(() -> reader("00000008").readLength(7), "length 8 at offset 0 (limit 7)");
    }

    @Test
    void bytesLeftOverAreNamed() throws XdrException {
        XdrReader reader = reader("00000001 0000");
        assertThat(reader.readInt()).isEqualTo(1);
        assertRefused(reader::expectEnd, "2 bytes left at offset 4 (expected: the end)");
    }

    @Test
    void anOpaqueCanBeRead() throws XdrException {
        XdrReader reader = XdrReader.of(Opaque.copyOf(hex("00000003")));
        assertThat(reader.readInt()).isEqualTo(3);
        reader.expectEnd();
    }

    @Test
    void aReaderThatIsResetIsAsGoodAsNew() throws XdrException {
        XdrReader reader = reader("00000001 00000002").ignorePadding();
        assertThat(reader.readInt()).isEqualTo(1);

        ByteBuffer other = ByteBuffer.wrap(hex("ffffffff 00000001 aa000001")).position(4);
        assertThat(reader.reset(other.order(ByteOrder.LITTLE_ENDIAN))).isSameAs(reader);

        assertThat(reader.position()).isZero();
        assertThat(reader.remaining()).isEqualTo(8);
        assertRefused(() -> reader.readOpaque(4), "padding byte 1 at offset 7 (expected: 0)");
        assertThat(other.position()).isEqualTo(4);
    }

    private static XdrReader reader(String hex) {
        return XdrReader.of(ByteBuffer.wrap(hex(hex)));
    }

    private static void assertRefused(ThrowingCallable read, String message) {
        assertThatExceptionOfType(XdrException.class).isThrownBy(read).withMessage(message);
    }
}
