package org.oncrpckit.rpc.json;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * Writes one JSON value (RFC 8259) piece by piece, in ASCII: whatever else is in a text is escaped,
 * so it does no harm to a terminal. The caller opens and closes in the right order. Not
 * thread-safe.
 */
public final class JsonWriter {
    private final Appendable out;
    private boolean first = true;

    /** Writes to this; its {@link IOException} becomes an {@link UncheckedIOException}. */
    public JsonWriter(Appendable out) {
        this.out = out;
    }

    /**
     * A whole value at once.
     *
     * @param value a {@link Map}, a {@link List}, a number, a truth value, or anything with a text
     */
    public static String text(Object value) {
        StringBuilder text = new StringBuilder();
        new JsonWriter(text).value(value);
        return text.toString();
    }

    /** Begins an object: the whole value, or an element of an array. */
    public JsonWriter object() {
        separate();
        return open('{');
    }

    /** Begins an object that is a field. */
    public JsonWriter object(String name) {
        name(name);
        return open('{');
    }

    /** Ends an object. */
    public JsonWriter endObject() {
        return close('}');
    }

    /** Begins an array that is a field. */
    public JsonWriter array(String name) {
        name(name);
        return open('[');
    }

    /** Ends an array. */
    public JsonWriter endArray() {
        return close(']');
    }

    /** A field that is a text. */
    public JsonWriter field(String name, String value) {
        name(name);
        string(value);
        return this;
    }

    /** A field that is a number. */
    public JsonWriter field(String name, long value) {
        name(name);
        print(String.valueOf(value));
        return this;
    }

    /** A number from 0 to 2^64-1. */
    public JsonWriter unsignedField(String name, long value) {
        name(name);
        print(Long.toUnsignedString(value));
        return this;
    }

    /** A field that is true or false. */
    public JsonWriter field(String name, boolean value) {
        name(name);
        print(String.valueOf(value));
        return this;
    }

    /** A field without a value. */
    public JsonWriter nullField(String name) {
        name(name);
        print("null");
        return this;
    }

    /** An element of an array. */
    public JsonWriter element(String value) {
        separate();
        string(value);
        return this;
    }

    private void value(Object value) {
        if (value instanceof Map<?, ?> map) {
            open('{');
            map.forEach(
                    (name, each) -> {
                        name(String.valueOf(name));
                        value(each);
                    });
            close('}');
        } else if (value instanceof List<?> list) {
            open('[');
            for (Object each : list) {
                separate();
                value(each);
            }
            close(']');
        } else if (value instanceof Number || value instanceof Boolean) {
            print(value.toString());
        } else {
            string(value.toString());
        }
    }

    private void print(CharSequence text) {
        try {
            out.append(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonWriter open(char bracket) {
        print(String.valueOf(bracket));
        first = true;
        return this;
    }

    private JsonWriter close(char bracket) {
        print(String.valueOf(bracket));
        first = false;
        return this;
    }

    private void name(String name) {
        separate();
        string(name);
        print(":");
    }

    private void separate() {
        if (!first) {
            print(",");
        }
        first = false;
    }

    private void string(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        print(quoted.append('"'));
    }
}
