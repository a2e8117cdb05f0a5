package org.oncrpckit.xdr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.oncrpckit.testing.Hex.words;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.dcache.oncrpc4j.xdr.BadXdrOncRpcException;
import org.dcache.oncrpc4j.xdr.Xdr;
import org.dcache.oncrpc4j.xdr.XdrDecodingStream;
import org.dcache.oncrpc4j.xdr.XdrEncodingStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.oncrpckit.testing.Allocation;
import org.oncrpckit.testing.Seed;
import org.oncrpckit.testing.Wire;

/**
 * Every method of oncrpc4j's streams, on our streams and on its own: equal bytes, equal values, and
 * ours bounded where its own is not.
 */
class Oncrpc4jStreamsTest {
    /** What a stream can be asked for. */
    @FunctionalInterface
    private interface Decoding {
        Object from(XdrDecodingStream stream) throws IOException;
    }

    /** A pair of methods, with values to try them on. */
    private record Method(
            String name,
            Function<Random, Object> values,
            BiConsumer<XdrEncodingStream, Object> encoding,
            Decoding decoding) {
        @Override
        public String toString() {
            return name;
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> Method method(
            String name,
            Function<Random, T> values,
            BiConsumer<XdrEncodingStream, T> encoding,
            Decoding decoding) {
        return new Method(
                name,
                values::apply,
                (stream, value) -> encoding.accept(stream, (T) value),
                decoding);
    }

    private static final int FIXED = 5;

    static Stream<Method> methods() {
        return Stream.concat(scalars(), Stream.concat(opaques(), vectors()));
    }

    private static Stream<Method> scalars() {
        return Stream.of(
                method(
                        "int",
                        Random::nextInt,
                        XdrEncodingStream::xdrEncodeInt,
                        XdrDecodingStream::xdrDecodeInt),
                method(
                        "long",
                        Random::nextLong,
                        XdrEncodingStream::xdrEncodeLong,
                        XdrDecodingStream::xdrDecodeLong),
                method(
                        "boolean",
                        Random::nextBoolean,
                        XdrEncodingStream::xdrEncodeBoolean,
                        XdrDecodingStream::xdrDecodeBoolean),
                method(
                        "byte",
                        random -> (byte) random.nextInt(),
                        XdrEncodingStream::xdrEncodeByte,
                        XdrDecodingStream::xdrDecodeByte),
                method(
                        "short",
                        random -> (short) random.nextInt(),
                        XdrEncodingStream::xdrEncodeShort,
                        XdrDecodingStream::xdrDecodeShort),
                method(
                        "float",
                        Random::nextFloat,
                        XdrEncodingStream::xdrEncodeFloat,
                        XdrDecodingStream::xdrDecodeFloat),
                method(
                        "double",
                        Random::nextGaussian,
                        XdrEncodingStream::xdrEncodeDouble,
                        XdrDecodingStream::xdrDecodeDouble));
    }

    private static Stream<Method> opaques() {
        return Stream.of(
                method(
                        "dynamic opaque",
                        random -> bytes(random, random.nextInt(20)),
                        XdrEncodingStream::xdrEncodeDynamicOpaque,
                        XdrDecodingStream::xdrDecodeDynamicOpaque),
                method(
                        "opaque",
                        random -> bytes(random, FIXED),
                        (stream, value) -> stream.xdrEncodeOpaque(value, FIXED),
                        stream -> stream.xdrDecodeOpaque(FIXED)),
                method(
                        "opaque within an array",
                        random -> bytes(random, FIXED),
                        (stream, value) -> {
                            byte[] larger = new byte[FIXED + 4];
                            System.arraycopy(value, 0, larger, 3, FIXED);
                            stream.xdrEncodeOpaque(larger, 3, FIXED);
                        },
                        stream -> {
                            byte[] larger = new byte[FIXED + 4];
                            stream.xdrDecodeOpaque(larger, 2, FIXED);
                            return Arrays.copyOfRange(larger, 2, 2 + FIXED);
                        }),
                method(
                        "string",
                        random -> "é€😀".repeat(random.nextInt(3)) + random.nextInt(),
                        XdrEncodingStream::xdrEncodeString,
                        XdrDecodingStream::xdrDecodeString),
                method(
                        // oncrpc4j leaves stale bytes in the padding, so only without padding.
                        "byte buffer",
                        random -> ByteBuffer.wrap(bytes(random, 4 * random.nextInt(5))),
                        (stream, value) -> stream.xdrEncodeByteBuffer(value.duplicate()),
                        XdrDecodingStream::xdrDecodeByteBuffer));
    }

    private static Stream<Method> vectors() {
        return Stream.of(
                method(
                        "int vector",
                        random -> random.ints(random.nextInt(9)).toArray(),
                        XdrEncodingStream::xdrEncodeIntVector,
                        XdrDecodingStream::xdrDecodeIntVector),
                method(
                        "fixed int vector",
                        random -> random.ints(FIXED).toArray(),
                        (stream, value) -> stream.xdrEncodeIntFixedVector(value, FIXED),
                        stream -> stream.xdrDecodeIntFixedVector(FIXED)),
                method(
                        "long vector",
                        random -> random.longs(random.nextInt(9)).toArray(),
                        XdrEncodingStream::xdrEncodeLongVector,
                        XdrDecodingStream::xdrDecodeLongVector),
                method(
                        "fixed long vector",
                        random -> random.longs(FIXED).toArray(),
                        (stream, value) -> stream.xdrEncodeLongFixedVector(value, FIXED),
                        stream -> stream.xdrDecodeLongFixedVector(FIXED)),
                method(
                        "float vector",
                        random -> floats(random, random.nextInt(9)),
                        XdrEncodingStream::xdrEncodeFloatVector,
                        XdrDecodingStream::xdrDecodeFloatVector),
                method(
                        "fixed float vector",
                        random -> floats(random, FIXED),
                        (stream, value) -> stream.xdrEncodeFloatFixedVector(value, FIXED),
                        stream -> stream.xdrDecodeFloatFixedVector(FIXED)),
                method(
                        "double vector",
                        random -> random.doubles(random.nextInt(9)).toArray(),
                        XdrEncodingStream::xdrEncodeDoubleVector,
                        XdrDecodingStream::xdrDecodeDoubleVector),
                method(
                        "fixed double vector",
                        random -> random.doubles(FIXED).toArray(),
                        (stream, value) -> stream.xdrEncodeDoubleFixedVector(value, FIXED),
                        stream -> stream.xdrDecodeDoubleFixedVector(FIXED)),
                method(
                        "byte vector",
                        random -> bytes(random, random.nextInt(9)),
                        XdrEncodingStream::xdrEncodeByteVector,
                        XdrDecodingStream::xdrDecodeByteVector),
                method(
                        "fixed byte vector",
                        random -> bytes(random, FIXED),
                        (stream, value) -> stream.xdrEncodeByteFixedVector(value, FIXED),
                        stream -> stream.xdrDecodeByteFixedVector(FIXED)),
                method(
                        "short vector",
                        random -> shorts(random, random.nextInt(9)),
                        XdrEncodingStream::xdrEncodeShortVector,
                        XdrDecodingStream::xdrDecodeShortVector),
                method(
                        "fixed short vector",
                        random -> shorts(random, FIXED),
                        (stream, value) -> stream.xdrEncodeShortFixedVector(value, FIXED),
                        stream -> stream.xdrDecodeShortFixedVector(FIXED)));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void bytesAndValuesAreEqualInBothDirections(Method method) throws IOException {
        Random random = Seed.random(method.name());
        for (int i = 0; i < 200; i++) {
            Object value = method.values().apply(random);
            byte[] ours = ours(method, value);
            byte[] theirs = theirs(method, value);
            assertThat(words(ours)).isEqualTo(words(theirs));
            for (Wire wire : Wire.values()) {
                XdrReader reader = XdrReader.of(wire.carry(theirs));
                assertThat(method.decoding().from(reader)).isEqualTo(value);
                reader.expectEnd();
            }
            try (Xdr xdr = new Xdr(ours)) {
                xdr.beginDecoding();
                assertThat(method.decoding().from(xdr)).isEqualTo(value);
                assertThat(xdr.hasMoreData()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void everyPrefixIsBadDataWithOurExceptionAsCause(Method method) throws IOException {
        Random random = Seed.random(method.name());
        byte[] whole = ours(method, method.values().apply(random));
        for (int length = 0; length < whole.length; length++) {
            XdrReader reader = XdrReader.of(ByteBuffer.wrap(whole, 0, length));
            assertThatExceptionOfType(BadXdrOncRpcException.class)
                    .isThrownBy(() -> method.decoding().from(reader))
                    .withCauseInstanceOf(XdrException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void randomBytesAreBadDataOrAValue(Method method) throws IOException {
        Random random = Seed.random(method.name());
        for (int i = 0; i < 2_000; i++) {
            XdrReader reader = XdrReader.of(ByteBuffer.wrap(Seed.plausibleBytes(random, 60)));
            try {
                assertThat(method.decoding().from(reader)).isNotNull();
            } catch (BadXdrOncRpcException e) {
                assertThat(e).hasCauseInstanceOf(XdrException.class);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void announcedLengthsTakeNoMemory(Method method) throws Exception {
        for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 29, 1 << 20}) {
            byte[] message = new byte[64];
            ByteBuffer.wrap(message).putInt(0, length);
            long taken =
                    Allocation.bytesOf(
                            () -> {
                                try {
                                    method.decoding().from(XdrReader.of(ByteBuffer.wrap(message)));
                                } catch (BadXdrOncRpcException e) {
                                    assertThat(e).hasCauseInstanceOf(XdrException.class);
                                }
                            });
            assertThat(taken).isLessThan(32 * 1024);
        }
    }

    private static byte[] ours(Method method, Object value) {
        XdrWriter writer = new XdrWriter(0);
        writer.beginEncoding();
        method.encoding().accept(writer, value);
        writer.endEncoding();
        return writer.toByteArray();
    }

    private static byte[] theirs(Method method, Object value) {
        try (Xdr xdr = new Xdr(1024)) {
            xdr.beginEncoding();
            method.encoding().accept(xdr, value);
            xdr.endEncoding();
            return xdr.getBytes();
        }
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static float[] floats(Random random, int length) {
        float[] floats = new float[length];
        for (int i = 0; i < length; i++) {
            floats[i] = random.nextFloat();
        }
        return floats;
    }

    private static short[] shorts(Random random, int length) {
        short[] shorts = new short[length];
        for (int i = 0; i < length; i++) {
            shorts[i] = (short) random.nextInt();
        }
        return shorts;
    }
}
