package org.oncrpckit.xdr;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.dcache.oncrpc4j.xdr.XdrAble;

/**
 * The codecs of XDR's own types, and ways to make bigger ones. {@link XdrRecords} makes structures,
 * {@link XdrUnion} discriminated unions.
 *
 * <p>All of them decode in loops, never by recursion that the sender controls, and every length and
 * count is checked against its maximum and against the bytes that are left before memory is taken.
 */
public final class XdrCodecs {
    /** Signed 32-bit integer; unsigned values keep their bits. */
    public static final XdrCodec<Integer> INT =
            new Halves<>(XdrWriter::writeInt, XdrReader::readInt);

    /** Unsigned 32-bit integer, 0 to 2^32-1. */
    public static final XdrCodec<Long> UNSIGNED_INT =
            new Halves<>(XdrWriter::writeUnsignedInt, XdrReader::readUnsignedInt);

    /** Signed 64-bit integer ({@code hyper}). */
    public static final XdrCodec<Long> LONG =
            new Halves<>(XdrWriter::writeLong, XdrReader::readLong);

    /**
     * Unsigned 64-bit integer ({@code unsigned hyper}) in the bits of a {@code long}; see {@link
     * Long#compareUnsigned}.
     */
    public static final XdrCodec<Long> UNSIGNED_LONG = LONG;

    /** Boolean, 0 or 1. */
    public static final XdrCodec<Boolean> BOOLEAN =
            new Halves<>(XdrWriter::writeBoolean, XdrReader::readBoolean);

    /** Single-precision number. */
    public static final XdrCodec<Float> FLOAT =
            new Halves<>(XdrWriter::writeFloat, XdrReader::readFloat);

    /** Double-precision number. */
    public static final XdrCodec<Double> DOUBLE =
            new Halves<>(XdrWriter::writeDouble, XdrReader::readDouble);

    /** No bytes at all. */
    public static final XdrCodec<Nothing> VOID =
            new Halves<>((writer, nothing) -> {}, reader -> Nothing.NOTHING);

    private XdrCodecs() {}

    /** Variable-length opaque data of at most {@code bytesMax} bytes. */
    public static XdrCodec<Opaque> opaque(int bytesMax) {
        return opaque(bytesMax, OpaqueMemo.NONE);
    }

    /**
     * As {@link #opaque(int)}, for bytes that are likely to have come before.
     *
     * @param memo those that have; its opaques live as long as it does
     */
    public static XdrCodec<Opaque> opaque(int bytesMax, OpaqueMemo memo) {
        Objects.requireNonNull(memo, "memo");
        requireMaximum(bytesMax);
        return new Halves<>(
                (writer, value) -> {
                    requireWithin(bytesMax, value.length(), "opaque bytes");
                    writer.writeOpaque(value);
                },
                reader -> reader.readFixedOpaque(reader.readLength(bytesMax), memo));
    }

    /** Exactly {@code length} opaque bytes. */
    public static XdrCodec<Opaque> fixedOpaque(int length) {
        requireMaximum(length);
        return new Halves<>(
                (writer, value) -> {
                    requireExactly(length, value.length(), "opaque bytes");
                    writer.writeFixedBytes(value.array());
                },
                reader -> reader.readFixedOpaque(length));
    }

    /**
     * A string as text of at most {@code bytesMax} bytes of UTF-8; a sender's other bytes are an
     * error. Names that must survive whatever their bytes are (those of NLM and NSM) are {@link
     * #opaque}: the representation is the same.
     */
    public static XdrCodec<String> string(int bytesMax) {
        requireMaximum(bytesMax);
        return new Halves<>(
                (writer, value) -> {
                    byte[] bytes = Utf8.encode(value);
                    requireWithin(bytesMax, bytes.length, "string bytes");
                    writer.writeInt(bytes.length);
                    writer.writeFixedBytes(bytes);
                },
                reader -> reader.readString(bytesMax));
    }

    /**
     * Variable-length array of at most {@code countMax} elements, as an unmodifiable list. The
     * elements must take at least four bytes each, as everything but void and empty fixed types
     * does: that is what bounds the memory taken by a short message.
     */
    public static <T> XdrCodec<List<T>> array(XdrCodec<T> element, int countMax) {
        Objects.requireNonNull(element, "element");
        requireMaximum(countMax);
        return new Halves<>(
                (writer, values) -> {
                    requireWithin(countMax, values.size(), "elements");
                    writer.writeInt(values.size());
                    encodeAll(element, writer, values);
                },
                reader -> decodeAll(element, reader, reader.readLength(countMax)));
    }

    /** Array of exactly {@code count} elements of at least four bytes each, without its length. */
    public static <T> XdrCodec<List<T>> fixedArray(XdrCodec<T> element, int count) {
        Objects.requireNonNull(element, "element");
        requireMaximum(count);
        return new Halves<>(
                (writer, values) -> {
                    requireExactly(count, values.size(), "elements");
                    encodeAll(element, writer, values);
                },
                reader -> decodeAll(element, reader, count));
    }

    /** Optional data (RFC 4506 section 4.19, {@code *}): a boolean, then perhaps the value. */
    public static <T> XdrCodec<Optional<T>> optional(XdrCodec<T> value) {
        Objects.requireNonNull(value, "value");
        return new Halves<>(
                (writer, optional) -> {
                    writer.writeBoolean(optional.isPresent());
                    optional.ifPresent(present -> value.encode(writer, present));
                },
                reader ->
                        reader.readBoolean()
                                ? Optional.of(value.decode(reader))
                                : Optional.empty());
    }

    /**
     * A list linked by optional data, as rpcbind and mount send theirs: a true before each element,
     * a false at the end. At most {@code countMax} elements, as an unmodifiable list.
     */
    public static <T> XdrCodec<List<T>> linkedList(XdrCodec<T> element, int countMax) {
        Objects.requireNonNull(element, "element");
        requireMaximum(countMax);
        return new Halves<>(
                (writer, values) -> {
                    requireWithin(countMax, values.size(), "elements");
                    for (T value : values) {
                        writer.writeBoolean(true);
                        element.encode(writer, value);
                    }
                    writer.writeBoolean(false);
                },
                reader -> {
                    List<T> values = new ArrayList<>();
                    while (reader.readBoolean()) {
                        if (values.size() == countMax) {
                            throw new XdrException(
                                    "more elements at offset %d (limit %d)"
                                            .formatted(reader.position(), countMax));
                        }
                        values.add(element.decode(reader));
                    }
                    return List.copyOf(values);
                });
    }

    /** An enum (RFC 4506 section 4.3); a number that stands for no constant is an error. */
    public static <E extends Enum<E> & XdrEnum> XdrCodec<E> enumeration(Class<E> type) {
        return new EnumCodec<>(type);
    }

    /** A type written for oncrpc4j. */
    public static <T extends XdrAble> XdrCodec<T> ofXdrAble(Supplier<T> constructor) {
        return new XdrAbleCodec<>(constructor);
    }

    private static <T> void encodeAll(XdrCodec<T> element, XdrWriter writer, List<T> values) {
        for (T value : values) {
            element.encode(writer, value);
        }
    }

    private static <T> List<T> decodeAll(XdrCodec<T> element, XdrReader reader, int count)
            throws XdrException {
        if (count > reader.remaining() / Integer.BYTES) {
            throw new XdrException(
                    "%d elements at offset %d (%d bytes left)"
                            .formatted(count, reader.position(), reader.remaining()));
        }
        List<T> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(element.decode(reader));
        }
        return List.copyOf(values);
    }

    private static void requireMaximum(int max) {
        if (max < 0) {
            throw new IllegalArgumentException("maximum " + max + " (expected: >= 0)");
        }
    }

    private static void requireWithin(int max, int actual, String what) {
        if (actual > max) {
            throw new IllegalArgumentException(actual + " " + what + " (limit " + max + ")");
        }
    }

    private static void requireExactly(int expected, int actual, String what) {
        if (actual != expected) {
            throw new IllegalArgumentException(
                    actual + " " + what + " (expected: " + expected + ")");
        }
    }

    /** How to write a value. */
    @FunctionalInterface
    private interface Encoder<T> {
        void encode(XdrWriter writer, T value);
    }

    /** How to read a value. */
    @FunctionalInterface
    private interface Decoder<T> {
        T decode(XdrReader reader) throws XdrException;
    }

    /** A codec of its two halves. */
    private record Halves<T>(Encoder<T> encoder, Decoder<T> decoder) implements XdrCodec<T> {
        @Override
        public void encode(XdrWriter writer, T value) {
            encoder.encode(writer, value);
        }

        @Override
        public T decode(XdrReader reader) throws XdrException {
            return decoder.decode(reader);
        }
    }
}
