package org.oncrpckit.xdr;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text to bytes and back, without silent replacement in either direction. */
final class Utf8 {
    private Utf8() {}

    /**
     * The bytes of the text.
     *
     * @throws IllegalArgumentException when it holds half a surrogate pair
     */
    static byte[] encode(String text) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "text of " + text.length() + " characters with half a surrogate pair", e);
        }
    }

    /**
     * The text that the bytes stand for.
     *
     * @throws CharacterCodingException when they are not UTF-8
     */
    static String decode(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }
}
