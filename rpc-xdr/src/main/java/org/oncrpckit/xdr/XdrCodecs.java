package org.oncrpckit.xdr;

import java.util.HashMap;
import java.util.Map;

/** The codecs of XDR's own types and the ways to make bigger ones of them. */
public final class XdrCodecs {
    private XdrCodecs() {}

    /** An enum (RFC 4506 section 4.3); a number that stands for no constant is an error. */
    public static <E extends Enum<E> & XdrEnum> XdrCodec<E> enumeration(Class<E> type) {
        Map<Integer, E> byNumber = new HashMap<>();
        for (E each : type.getEnumConstants()) {
            byNumber.put(each.number(), each);
        }
        return new XdrCodec<>() {
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
                                            type.getSimpleName(),
                                            number,
                                            reader.position() - Integer.BYTES,
                                            byNumber.keySet()));
                }
                return value;
            }
        };
    }
}
