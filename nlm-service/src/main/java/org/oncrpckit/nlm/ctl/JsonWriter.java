package org.oncrpckit.nlm.ctl;

import java.io.PrintStream;

/**
 * Writes one JSON value (RFC 8259) piece by piece. The caller opens and closes in the right order.
 */
final class JsonWriter {
    private final PrintStream out;
    private boolean first = true;

    JsonWriter(PrintStream out) {
        this.out = out;
    }

    /** Begins an object: the whole value, or an element of an array. */
    JsonWriter object() {
        separate();
        return open('{');
    }

    /** Begins an object that is a field. */
    JsonWriter object(String name) {
        name(name);
        return open('{');
    }

    JsonWriter endObject() {
        return close('}');
    }

    /** Begins an array that is a field. */
    JsonWriter array(String name) {
        name(name);
        return open('[');
    }

    JsonWriter endArray() {
        return close(']');
    }

    JsonWriter field(String name, String value) {
        name(name);
        string(value);
        return this;
    }

    JsonWriter field(String name, long value) {
        name(name);
        out.print(value);
        return this;
    }

    /** A number from 0 to 2^64-1. */
    JsonWriter unsignedField(String name, long value) {
        name(name);
        out.print(Long.toUnsignedString(value));
        return this;
    }

    JsonWriter field(String name, boolean value) {
        name(name);
        out.print(value);
        return this;
    }

    JsonWriter nullField(String name) {
        name(name);
        out.print("null");
        return this;
    }

    /** An element of an array. */
    JsonWriter element(String value) {
        separate();
        string(value);
        return this;
    }

    private JsonWriter open(char bracket) {
        out.print(bracket);
        first = true;
        return this;
    }

    private JsonWriter close(char bracket) {
        out.print(bracket);
        first = false;
        return this;
    }

    private void name(String name) {
        separate();
        string(name);
        out.print(':');
    }

    private void separate() {
        if (!first) {
            out.print(',');
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
        out.print(quoted.append('"'));
    }
}
