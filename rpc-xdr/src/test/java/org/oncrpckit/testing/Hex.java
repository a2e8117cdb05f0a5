package org.oncrpckit.testing;

import java.util.HexFormat;

/** Golden bytes, written in groups for the reader. */
public final class Hex {
    private Hex() {}

    /** The bytes that the digits stand for; blanks between them mean nothing. */
    public static byte[] hex(String... groups) {
        return HexFormat.of().parseHex(String.join("", groups).replaceAll("\\s", ""));
    }

    /** The digits, in groups of four bytes. */
    public static String words(byte[] bytes) {
        return HexFormat.of().formatHex(bytes).replaceAll("(.{8})(?=.)", "$1 ");
    }
}
