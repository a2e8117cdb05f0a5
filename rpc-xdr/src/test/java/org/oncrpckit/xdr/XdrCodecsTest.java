package org.oncrpckit.xdr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.oncrpckit.testing.Hex.hex;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.oncrpckit.testing.Allocation;

/** What codecs refuse, in both directions, and what they say then. */
class XdrCodecsTest {
    private final XdrWriter writer = new XdrWriter();

    @Test
    void valuesBeyondTheirLimitAreNotWritten() {
        assertNotWritten(XdrCodecs.opaque(2), Opaque.ofUtf8("abc"), "3 opaque bytes (limit 2)");
        assertNotWritten(
                XdrCodecs.fixedOpaque(2), Opaque.ofUtf8("abc"), "3 opaque bytes (expected: 2)");
        assertNotWritten(
                XdrCodecs.fixedOpaque(2), Opaque.ofUtf8("a"), "1 opaque bytes (expected: 2)");
        assertNotWritten(XdrCodecs.string(3), "ää", "4 string bytes (limit 3)");
        assertNotWritten(XdrCodecs.array(XdrCodecs.INT, 1), List.of(1, 2), "2 elements (limit 1)");
        assertNotWritten(
                XdrCodecs.fixedArray(XdrCodecs.INT, 3), List.of(1, 2), "2 elements (expected: 3)");
        assertNotWritten(
                XdrCodecs.linkedList(XdrCodecs.INT, 1), List.of(1, 2), "2 elements (limit 1)");
        assertNotWritten(XdrCodecs.UNSIGNED_INT, -1L, "-1 (expected: 0 to 4294967295)");
    }

    @Test
    void valuesBeyondTheirLimitAreNotRead() {
        assertNotRead(XdrCodecs.opaque(2), "00000003 61626300", "length 3 at offset 0 (limit 2)");
        assertNotRead(XdrCodecs.string(2), "00000003 61626300", "length 3 at offset 0 (limit 2)");
        assertNotRead(
                XdrCodecs.array(XdrCodecs.INT, 1),
                "00000002 00000001 00000002",
                "length 2 at offset 0 (limit 1)");
        assertNotRead(
                XdrCodecs.linkedList(XdrCodecs.INT, 1),
                "00000001 00000001 00000001 00000002 00000000",
                "more elements at offset 12 (limit 1)");
    }

    @Test
    void arrayIsRefusedWhenItsElementsCannotFollow() {
        assertNotRead(
                XdrCodecs.array(XdrCodecs.LONG, Integer.MAX_VALUE),
                "7fffffff 00000000 00000001",
                "2147483647 elements at offset 4 (8 bytes left)");
        assertNotRead(
                XdrCodecs.fixedArray(XdrCodecs.LONG, 1_000_000),
                "00000000 00000001",
                "1000000 elements at offset 0 (8 bytes left)");
    }

    @Test
    void elementsWithoutBytesCannotMultiply() {
        assertNotRead(
                XdrCodecs.array(XdrCodecs.VOID, Integer.MAX_VALUE),
                "7fffffff",
                "2147483647 elements at offset 4 (0 bytes left)");
    }

    @Test
    void memoryForAnArrayFollowsItsBytes() throws Exception {
        XdrCodec<List<Integer>> ints = XdrCodecs.array(XdrCodecs.INT, Integer.MAX_VALUE);
        byte[] message = new byte[4 + 40_000];
        ByteBuffer.wrap(message).putInt(0, 10_001);
        long taken =
                Allocation.bytesOf(
                        () ->
                                assertThatExceptionOfType(XdrException.class)
                                        .isThrownBy(() -> ints.decode(reader(message)))
                                        .withMessage(
                                                "10001 elements at offset 4 (40000 bytes left)"));
        assertThat(taken).isLessThan(64 * 1024);
    }

    @Test
    void linkedListOfAMillionElementsNeedsNoStack() throws XdrException {
        XdrCodec<List<Integer>> list = XdrCodecs.linkedList(XdrCodecs.INT, 1_000_000);
        XdrWriter large = new XdrWriter(1024, 16 << 20);
        list.encode(large, Collections.nCopies(1_000_000, 7));
        assertThat(list.decode(XdrReader.of(large.toByteBuffer()))).hasSize(1_000_000);
    }

    @Test
    void decodedCollectionsCannotBeChanged() throws XdrException {
        List<Integer> array =
                XdrCodecs.array(XdrCodecs.INT, 3).decode(reader(hex("00000001 00000005")));
        List<Integer> list =
                XdrCodecs.linkedList(XdrCodecs.INT, 3)
                        .decode(reader(hex("00000001 00000005 00000000")));
        for (List<Integer> values : List.of(array, list)) {
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> values.add(1));
        }
    }

    @Test
    void listThatNeverEndsIsRefusedAtTheEndOfTheMessage() {
        assertNotRead(
                XdrCodecs.linkedList(XdrCodecs.VOID, Integer.MAX_VALUE),
                "00000001 00000001 00000001",
                "4 bytes wanted at offset 12 (0 left)");
    }

    @Test
    void optionalIsABoolean() {
        assertNotRead(
                XdrCodecs.optional(XdrCodecs.INT),
                "00000002 00000001",
                "boolean 2 at offset 0 (expected: 0 or 1)");
    }

    @Test
    void optionalOfOptionalKeepsItsLevels() throws XdrException {
        XdrCodec<Optional<Optional<Integer>>> codec =
                XdrCodecs.optional(XdrCodecs.optional(XdrCodecs.INT));
        assertThat(codec.decode(reader(hex("00000001 00000000")))).contains(Optional.empty());
        assertThat(codec.decode(reader(hex("00000000")))).isEmpty();
    }

    @Test
    void unknownEnumNumberIsNamed() {
        assertNotRead(
                XdrCodecs.enumeration(CodecSamplesTest.Colour.class),
                "00000003",
                "Colour 3 at offset 0 (expected: one of");
    }

    private enum Twins implements XdrEnum {
        ONE,
        OTHER;

        @Override
        public int number() {
            return 4;
        }
    }

    @Test
    void enumWithTwoConstantsOfOneNumberIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> XdrCodecs.enumeration(Twins.class))
                .withMessage("Twins.ONE and OTHER are both 4");
    }

    @Test
    void negativeMaximaAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> XdrCodecs.opaque(-1))
                .withMessage("maximum -1 (expected: >= 0)");
        assertThatIllegalArgumentException().isThrownBy(() -> XdrCodecs.fixedOpaque(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> XdrCodecs.string(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> XdrCodecs.array(XdrCodecs.INT, -1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> XdrCodecs.fixedArray(XdrCodecs.INT, -1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> XdrCodecs.linkedList(XdrCodecs.INT, -1));
    }

    @Test
    void mappingThatDoesNotAcceptAValueMakesItBadData() {
        XdrCodec<Opaque> mapped =
                XdrCodecs.INT.map(
                        number -> {
                            throw new IllegalArgumentException("number " + number);
                        },
                        Opaque::length);
        assertThatExceptionOfType(XdrException.class)
                .isThrownBy(() -> mapped.decode(reader(hex("00000007"))))
                .withMessage("value at offset 0: number 7")
                .withCauseInstanceOf(IllegalArgumentException.class);
    }

    private <T> void assertNotWritten(XdrCodec<T> codec, T value, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.encode(writer, value))
                .withMessage(message);
        assertThat(writer.position()).isZero();
    }

    private static void assertNotRead(XdrCodec<?> codec, String hex, String message) {
        assertThatExceptionOfType(XdrException.class)
                .isThrownBy(() -> codec.decode(reader(hex(hex))))
                .withMessageStartingWith(message);
    }

    private static XdrReader reader(byte[] bytes) {
        return XdrReader.of(ByteBuffer.wrap(bytes));
    }
}
