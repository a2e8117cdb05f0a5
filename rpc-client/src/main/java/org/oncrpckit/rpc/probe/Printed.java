package org.oncrpckit.rpc.probe;

import java.util.List;
import java.util.Map;

/** Values as text: JSON (RFC 8259), and what a stranger sent made harmless for a terminal. */
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

    /** JSON of maps, lists, numbers, truth values, and the text of anything else. */
    static String json(Object value) {
        StringBuilder json = new StringBuilder();
        append(json, value);
        return json.toString();
    }

    private static void append(StringBuilder json, Object value) {
        if (value instanceof Map<?, ?> map) {
            appendMap(json, map);
        } else if (value instanceof List<?> list) {
            appendList(json, list);
        } else if (value instanceof Number || value instanceof Boolean) {
            json.append(value);
        } else {
            appendString(json, value.toString());
        }
    }

    private static void appendMap(StringBuilder json, Map<?, ?> map) {
        char before = '{';
        for (Map.Entry<?, ?> each : map.entrySet()) {
            json.append(before);
            before = ',';
            append(json, each.getKey());
            json.append(':');
            append(json, each.getValue());
        }
        json.append(map.isEmpty() ? "{}" : "}");
    }

    private static void appendList(StringBuilder json, List<?> list) {
        char before = '[';
        for (Object each : list) {
            json.append(before);
            before = ',';
            append(json, each);
        }
        json.append(list.isEmpty() ? "[]" : "]");
    }

    private static void appendString(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each == '"' || each == '\\') {
                json.append('\\').append(each);
            } else if (Character.isISOControl(each)) {
                json.append("\\u%04x".formatted((int) each));
            } else {
                json.append(each);
            }
        }
        json.append('"');
    }
}
