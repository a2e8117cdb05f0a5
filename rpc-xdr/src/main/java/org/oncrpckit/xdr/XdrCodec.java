package org.oncrpckit.xdr;

/**
 * How one type travels. Implementations are stateless and thread-safe.
 *
 * @param <T> the type of the values
 */
public interface XdrCodec<T> {
    /**
     * Appends the value.
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
}
