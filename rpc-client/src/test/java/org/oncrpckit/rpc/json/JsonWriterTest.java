package org.oncrpckit.rpc.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
    private final StringBuilder text = new StringBuilder();
    private final JsonWriter writer = new JsonWriter(text);

    @Test
    void everyKindOfFieldIsWrittenWithItsCommas() {
        writer.object()
                .field("text", "a")
                .field("number", -1)
                .unsignedField("unsigned", -1)
                .field("truth", false)
                .nullField("nothing")
                .object("inner")
                .endObject()
                .array("list")
                .element("b")
                .element("c")
                .object()
                .field("d", true)
                .endObject()
                .endArray()
                .field("last", 0)
                .endObject();
        assertThat(text)
                .hasToString(
                        "{\"text\":\"a\",\"number\":-1,\"unsigned\":18446744073709551615,"
                                + "\"truth\":false,\"nothing\":null,\"inner\":{},"
                                + "\"list\":[\"b\",\"c\",{\"d\":true}],\"last\":0}");
    }

    @Test
    void whatIsNotPrintableAsciiIsEscaped() {
        assertThat(JsonWriter.text("a\"\\/\u0000\n\u001b\u007f\u009bé€😀\ud800"))
                .isEqualTo(
                        "\"a\\\"\\\\/\\u0000\\u000a\\u001b\\u007f\\u009b\\u00e9\\u20ac"
                                + "\\ud83d\\ude00\\ud800\"");
    }

    @Test
    void wholeValuesKeepTheirOrderAndTheirKinds() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("z", List.of(1, 2L, true, "x", Map.of()));
        value.put("a\n", List.of());
        assertThat(JsonWriter.text(value)).isEqualTo("{\"z\":[1,2,true,\"x\",{}],\"a\\u000a\":[]}");
    }

    @Test
    void failureToWriteIsNotSwallowed() {
        JsonWriter broken =
                new JsonWriter(
                        new Writer() {
                            @Override
                            public void write(char[] buffer, int offset, int length)
                                    throws IOException {
                                throw new IOException("disk full");
                            }

                            @Override
                            public void flush() {}

                            @Override
                            public void close() {}
                        });
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(broken::object)
                .havingCause()
                .withMessage("disk full");
    }
}
