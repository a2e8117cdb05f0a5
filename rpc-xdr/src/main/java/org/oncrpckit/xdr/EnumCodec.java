package org.oncrpckit.xdr;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The codec of an enum. */
final class EnumCodec<E extends Enum<E> & XdrEnum> implements XdrCodec<E> {
    private final String name;
    private final Map<Integer, E> byNumber = new HashMap<>();

    EnumCodec(Class<E> type) {
        name = type.getSimpleName();
        for (E each : Objects.requireNonNull(type.getEnumConstants(), "constants")) {
            E other = byNumber.put(each.number(), each);
            if (other != null) {
                throw new IllegalArgumentException(
                        "%s.%s and %s are both %d".formatted(name, other, each, each.number()));
            }
        }
    }

    @Override
    public void encode(XdrWriter writer, E value) {
        writer.writeInt(value.number());
    }

    @Override
    public E decode(XdrReader reader) throws XdrException {
        int number = reader.readInt();
        E value = byNumber.get(number);
        if (value == null) {
            throw new XdrException(
                    "%s %d at offset %d (expected: one of %s)"
                            .formatted(
                                    name,
                                    number,
                                    reader.position() - Integer.BYTES,
                                    byNumber.values()));
        }
        return value;
    }
}
