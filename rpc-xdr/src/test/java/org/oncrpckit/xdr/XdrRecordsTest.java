package org.oncrpckit.xdr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.oncrpckit.testing.Hex.words;
import static org.oncrpckit.xdr.XdrCodecs.INT;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class XdrRecordsTest {
    /** Stands for a structure of any number of fields. */
    private record Fields(List<Integer> values) {
        static Fields of(Integer... values) {
            return new Fields(List.of(values));
        }

        static Function<Fields, Integer> get(int index) {
            return fields -> fields.values().get(index);
        }
    }

    static Stream<XdrCodec<Fields>> everyArity() {
        Function<Fields, Integer> a = Fields.get(0);
        Function<Fields, Integer> b = Fields.get(1);
        Function<Fields, Integer> c = Fields.get(2);
        Function<Fields, Integer> d = Fields.get(3);
        Function<Fields, Integer> e = Fields.get(4);
        Function<Fields, Integer> f = Fields.get(5);
        Function<Fields, Integer> g = Fields.get(6);
        Function<Fields, Integer> h = Fields.get(7);
        return Stream.of(
                XdrRecords.of(INT, a, x -> Fields.of(x)),
                XdrRecords.of(INT, a, INT, b, (x, y) -> Fields.of(x, y)),
                XdrRecords.of(INT, a, INT, b, INT, c, Fields::of),
                XdrRecords.of(INT, a, INT, b, INT, c, INT, d, Fields::of),
                XdrRecords.of(INT, a, INT, b, INT, c, INT, d, INT, e, Fields::of),
                XdrRecords.of(INT, a, INT, b, INT, c, INT, d, INT, e, INT, f, Fields::of),
                XdrRecords.of(INT, a, INT, b, INT, c, INT, d, INT, e, INT, f, INT, g, Fields::of),
                XdrRecords.of(
                        INT,
                        a,
                        INT,
                        b,
                        INT,
                        c,
                        INT,
                        d,
                        INT,
                        e,
                        INT,
                        f,
                        INT,
                        g,
                        INT,
                        h,
                        Fields::of));
    }

    @ParameterizedTest
    @MethodSource("everyArity")
    void fieldsTravelInOrderWhateverTheirNumber(XdrCodec<Fields> codec) throws XdrException {
        int arity = arityOf(codec);
        Fields fields = new Fields(IntStream.rangeClosed(1, arity).boxed().toList());
        XdrWriter writer = new XdrWriter();
        codec.encode(writer, fields);
        String expected =
                String.join(" ", fields.values().stream().map("%08x"::formatted).toList());
        assertThat(words(writer.toByteArray())).isEqualTo(expected);
        XdrReader reader = XdrReader.of(writer.toByteBuffer());
        assertThat(codec.decode(reader)).isEqualTo(fields);
        reader.expectEnd();
    }

    @Test
    void allAritiesFromOneToEightExist() {
        assertThat(everyArity().map(XdrRecordsTest::arityOf))
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    }

    /** A structure that does not accept every pair of fields. */
    private record Range(int low, int high) {
        Range {
            if (low > high) {
                throw new IllegalArgumentException("range " + low + " to " + high);
            }
        }
    }

    @Test
    void structureThatRefusesItsFieldsIsBadData() {
        XdrCodec<Range> range = XdrRecords.of(INT, Range::low, INT, Range::high, Range::new);
        XdrCodec<Range> second = XdrRecords.of(INT, r -> 0, range, r -> r, (zero, r) -> r);
        XdrWriter writer = new XdrWriter();
        for (int word : new int[] {0, 5, 4}) {
            writer.writeInt(word);
        }
        assertThatExceptionOfType(XdrException.class)
                .isThrownBy(() -> second.decode(XdrReader.of(writer.toByteBuffer())))
                .withMessage("value at offset 4: range 5 to 4");
    }

    @Test
    void programmingErrorsAreNotMistakenForBadData() {
        XdrCodec<Object> broken = XdrRecords.of(INT, o -> 0, x -> Objects.requireNonNull(null));
        assertThatExceptionOfType(NullPointerException.class)
                .isThrownBy(() -> broken.decode(XdrReader.of(Opaque.copyOf(new byte[4]))));
    }

    private static int arityOf(XdrCodec<Fields> codec) {
        XdrWriter writer = new XdrWriter();
        codec.encode(writer, Fields.of(1, 2, 3, 4, 5, 6, 7, 8));
        return writer.position() / Integer.BYTES;
    }
}
