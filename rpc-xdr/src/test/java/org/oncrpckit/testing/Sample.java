package org.oncrpckit.testing;

import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrCodec;

/**
 * A value, its codec and the bytes it must travel as.
 *
 * @param name what it is
 * @param codec how it travels
 * @param value the value
 * @param golden the bytes
 * @param <T> type of the value
 */
public record Sample<T>(String name, XdrCodec<T> codec, T value, Opaque golden) {
    /** A sample with its bytes in hexadecimal. */
    public static <T> Sample<T> of(String name, XdrCodec<T> codec, T value, String... hex) {
        return new Sample<>(name, codec, value, Opaque.copyOf(Hex.hex(hex)));
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return golden.toByteArray();
    }

    @Override
    public String toString() {
        return name;
    }
}
