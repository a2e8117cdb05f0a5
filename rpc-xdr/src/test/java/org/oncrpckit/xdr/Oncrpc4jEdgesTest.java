package org.oncrpckit.xdr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.oncrpckit.testing.Hex.hex;
import static org.oncrpckit.testing.Hex.words;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.dcache.oncrpc4j.xdr.BadXdrOncRpcException;
import org.dcache.oncrpc4j.xdr.XdrDecodingStream;
import org.junit.jupiter.api.Test;
import org.oncrpckit.testing.Allocation;

/** Where our streams and oncrpc4j's differ on purpose, and what they promise beyond equality. */
class Oncrpc4jEdgesTest {
    @Test
    void badDataNamesValueOffsetAndWhatIsLeft() {
        assertBad(
                stream("00000009 61620000")::xdrDecodeDynamicOpaque,
                "9 elements of 1 bytes before offset 4 (4 bytes left)");
        assertBad(
                stream("80000000 00000000")::xdrDecodeLongVector,
                "2147483648 elements of 8 bytes before offset 4 (4 bytes left)");
        assertBad(
                stream("00000002 00000000 00000001")::xdrDecodeLongVector,
                "2 elements of 8 bytes before offset 4 (8 bytes left)");
        assertBad(stream("0000")::xdrDecodeInt, "4 bytes wanted at offset 0 (2 left)");
        assertBad(stream("00000002")::xdrDecodeBoolean, "boolean 2 at offset 0 (expected: 0 or 1)");
        assertBad(
                stream("00000001 61000001")::xdrDecodeString,
                "padding byte 1 at offset 7 (expected: 0)");
    }

    @Test
    void lengthsThatADecoderBringsTakeNoMemory() throws Exception {
        int length = 1 << 28;
        for (ThrowingCallable decoding :
                List.<ThrowingCallable>of(
                        () -> stream("01").xdrDecodeOpaque(length),
                        () -> stream("01").xdrDecodeIntFixedVector(length),
                        () -> stream("01").xdrDecodeLongFixedVector(length),
                        () -> stream("01").xdrDecodeFloatFixedVector(length),
                        () -> stream("01").xdrDecodeDoubleFixedVector(length),
                        () -> stream("01").xdrDecodeByteFixedVector(length),
                        () -> stream("01").xdrDecodeShortFixedVector(length))) {
            long taken =
                    Allocation.bytesOf(
                            () ->
                                    assertThatExceptionOfType(BadXdrOncRpcException.class)
                                            .isThrownBy(decoding));
            assertThat(taken).isLessThan(64 * 1024);
        }
    }

    @Test
    void paddingIsZeroWhereOncrpc4jLeavesStaleBytes() {
        XdrWriter writer = new XdrWriter();
        writer.xdrEncodeLong(-1);
        writer.clear();
        writer.xdrEncodeByteBuffer(ByteBuffer.wrap(hex("01")));
        assertThat(words(writer.toByteArray())).isEqualTo("00000001 01000000");
    }

    @Test
    void encodedBufferIsUsedUpAsInOncrpc4j() {
        ByteBuffer buffer = ByteBuffer.wrap(hex("0102030405")).position(1);
        new XdrWriter().xdrEncodeByteBuffer(buffer);
        assertThat(buffer.hasRemaining()).isFalse();
    }

    @Test
    void decodedBufferIsAReadOnlyView() throws IOException {
        ByteBuffer view = stream("00000002 01020000").xdrDecodeByteBuffer();
        assertThat(view).isEqualTo(ByteBuffer.wrap(hex("0102")));
        assertThatExceptionOfType(ReadOnlyBufferException.class).isThrownBy(view::array);
    }

    @Test
    void stringsKeepOncrpc4jsLeniency() throws IOException {
        assertThat(stream("00000001 ff000000").xdrDecodeString()).isEqualTo("\ufffd");
        XdrWriter writer = new XdrWriter();
        writer.xdrEncodeString(null);
        assertThat(words(writer.toByteArray())).isEqualTo("00000000");
    }

    @Test
    void fixedVectorsMustHaveTheirLength() {
        XdrWriter writer = new XdrWriter();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer.xdrEncodeIntFixedVector(new int[3], 2))
                .withMessage("array of 3 elements (expected: 2)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer.xdrEncodeLongFixedVector(new long[1], 2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer.xdrEncodeFloatFixedVector(new float[1], 2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer.xdrEncodeDoubleFixedVector(new double[1], 2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer.xdrEncodeByteFixedVector(new byte[1], 2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer.xdrEncodeShortFixedVector(new short[1], 2));
        assertThat(writer.position()).isZero();
    }

    @Test
    void opaqueOutsideItsArrayIsTheCallersBug() {
        XdrDecodingStream stream = stream("01020304 05060708");
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> stream.xdrDecodeOpaque(new byte[4], 2, 4));
        XdrWriter writer = new XdrWriter();
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> writer.xdrEncodeOpaque(new byte[4], 2, 4));
        assertThat(writer.position()).isZero();
    }

    @Test
    void beginAndEndDoNotMoveTheStreams() throws IOException {
        XdrReader reader = stream("00000001 00000002");
        reader.beginDecoding();
        assertThat(reader.xdrDecodeInt()).isEqualTo(1);
        reader.endDecoding();
        reader.beginDecoding();
        assertThat(reader.xdrDecodeInt()).isEqualTo(2);
        XdrWriter writer = new XdrWriter();
        writer.xdrEncodeInt(1);
        writer.beginEncoding();
        writer.xdrEncodeInt(2);
        writer.endEncoding();
        assertThat(words(writer.toByteArray())).isEqualTo("00000001 00000002");
    }

    @Test
    void limitOfTheWriterHoldsForForeignTypes() {
        XdrWriter writer = new XdrWriter(0, 8);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer.xdrEncodeLongVector(new long[2]))
                .withMessage("message of 12 bytes (limit 8)");
    }

    private static XdrReader stream(String hex) {
        return XdrReader.of(ByteBuffer.wrap(hex(hex)));
    }

    private static void assertBad(ThrowingCallable decoding, String message) {
        assertThatExceptionOfType(BadXdrOncRpcException.class)
                .isThrownBy(decoding)
                .havingCause()
                .isInstanceOf(XdrException.class)
                .withMessage(message);
    }
}
