package org.oncrpckit.nlm.admin;

/** Ranges as listings show them. */
final class RangeText {
    private RangeText() {}

    /** As in "0-99" or "200-EOF"; both ends unsigned. */
    static String of(long first, long last) {
        return Long.toUnsignedString(first)
                + "-"
                + (last == -1 ? "EOF" : Long.toUnsignedString(last));
    }
}
