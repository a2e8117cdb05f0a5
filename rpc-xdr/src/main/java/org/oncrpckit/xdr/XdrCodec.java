package org.oncrpckit.xdr;

import java.util.Objects;
import java.util.function.Function;

/**
 * How one type travels. Implementations are stateless and thread-safe. {@link XdrCodecs} has those
 * of XDR's own types and the ways to combine them.
 *
 * @param <T> the type of the values
 */
public interface XdrCodec<T> {
    /**
     * Appends the value. When it throws, the writer may hold part of the value; {@link
     * XdrWriter#truncate} takes it back.
     *
     * @throws IllegalArgumentException when the value cannot be represented (longer than its limit,
     *     number out of range); the message names value and limit
     */
    void encode(XdrWriter writer, T value);

    /**
     * Reads one value and leaves the reader behind it.
     *
     * @throws XdrException when the bytes are not a valid representation
     */
    T decode(XdrReader reader) throws XdrException;

    /**
     * The same bytes for another type.
     *
     * @param <U> the other type
     * @param decoded makes its values; an {@link IllegalArgumentException} from it means that the
     *     bytes are invalid, and becomes an {@link XdrException}
     * @param encoded makes the values that travel
     */
    default <U> XdrCodec<U> map(
            Function<? super T, ? extends U> decoded, Function<? super U, ? extends T> encoded) {
        Objects.requireNonNull(decoded, "decoded");
        Objects.requireNonNull(encoded, "encoded");
        XdrCodec<T> self = this;
        return new Structure<>() {
            @Override
            public void encode(XdrWriter writer, U value) {
                self.encode(writer, encoded.apply(value));
            }

            @Override
            U decodeFields(XdrReader reader) throws XdrException {
                return decoded.apply(self.decode(reader));
            }
        };
    }
}
