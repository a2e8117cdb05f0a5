package org.oncrpckit.nlm.admin;

import org.oncrpckit.xdr.Opaque;

/** Bytes of others as text that does no harm to a terminal or a log. */
final class Printable {
    /** Longest text of a name in a listing; the handle beside it is never cut. */
    static final int NAME_CHARACTERS_MAX = 255;

    private Printable() {}

    /** A name that may be as long as a client likes. */
    static String name(String escaped) {
        return escaped.length() <= NAME_CHARACTERS_MAX
                ? escaped
                : escaped.substring(0, NAME_CHARACTERS_MAX - 3) + "...";
    }

    /** Printable ASCII as it is, everything else as in a URL. */
    static String text(Opaque bytes) {
        StringBuilder shown = new StringBuilder();
        for (byte each : bytes.toByteArray()) {
            if (each >= ' ' && each <= '~') {
                shown.append((char) each);
            } else {
                shown.append(String.format("%%%02x", each & 0xff));
            }
        }
        return shown.toString();
    }
}
