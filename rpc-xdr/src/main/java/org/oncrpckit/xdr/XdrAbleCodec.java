package org.oncrpckit.xdr;

import java.io.IOException;
import java.util.Objects;
import java.util.function.Supplier;
import org.dcache.oncrpc4j.xdr.XdrAble;

/**
 * The codec of a type written for oncrpc4j. Such code may do anything on bad input; whatever it
 * throws comes out as an {@link XdrException}.
 */
final class XdrAbleCodec<T extends XdrAble> implements XdrCodec<T> {
    private final Supplier<T> constructor;

    XdrAbleCodec(Supplier<T> constructor) {
        this.constructor = Objects.requireNonNull(constructor, "constructor");
    }

    @Override
    public void encode(XdrWriter writer, T value) {
        try {
            value.xdrEncode(writer);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot encode " + value.getClass().getName(), e);
        }
    }

    @Override
    public T decode(XdrReader reader) throws XdrException {
        T value = constructor.get();
        try {
            value.xdrDecode(reader);
            return value;
        } catch (IOException e) {
            if (e.getCause() instanceof XdrException ours) {
                throw ours;
            }
            throw failed(value, reader, e);
        } catch (RuntimeException | StackOverflowError e) {
            // Generated decoders of lists call themselves once for each element.
            throw failed(value, reader, e);
        }
    }

    private XdrException failed(T value, XdrReader reader, Throwable cause) {
        return new XdrException(
                "%s before offset %d: %s"
                        .formatted(value.getClass().getSimpleName(), reader.position(), cause),
                cause);
    }
}
