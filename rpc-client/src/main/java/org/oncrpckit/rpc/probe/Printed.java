package org.oncrpckit.rpc.probe;

/** What a stranger sent, made harmless for a terminal. */
final class Printed {
    private Printed() {}

    /** The text with every control character spelled out, so that it cannot steer a terminal. */
    static String plain(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (Character.isISOControl(each)) {
                plain.append("\\u%04x".formatted((int) each));
            } else {
                plain.append(each);
            }
        }
        return plain.toString();
    }
}
