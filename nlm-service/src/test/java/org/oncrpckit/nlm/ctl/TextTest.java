package org.oncrpckit.nlm.ctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oncrpckit.nlm.admin.LockLine;
import org.oncrpckit.nlm.admin.OwnerLine;
import org.oncrpckit.nlm.admin.WaitLine;
import org.oncrpckit.rpc.json.JsonWriter;
import org.oncrpckit.xdr.Opaque;

/** What goes through a terminal, in both directions. */
class TextTest {
    private static final String HOSTILE = "a\"b\\c";

    @ParameterizedTest
    @CsvSource({"0, 0", "90, 90", "90s, 90", "5m, 300", "2h, 7200", "1d, 86400"})
    void agesAreRead(String text, long seconds) {
        assertThat(Ages.parse(text)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "m", "-1", "5 m", "5w", "1.5h", "99999999999"})
    void whatIsNoAgeIsRefused(String text) {
        assertThatThrownBy(() -> Ages.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"0, 0s", "119, 119s", "120, 2m", "7199, 119m", "7200, 2h", "172800, 2d"})
    void agesAreShownInTheUnitThatFits(long seconds, String text) {
        assertThat(Ages.text(seconds)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"report", "0x00ff", "a/b", "0x3078", "0x61200062"})
    void whatIsShownOfAFileCanBeTyped(String text) {
        assertThat(FileName.text(FileName.parse(text))).isEqualTo(text);
    }

    @Test
    void aNameThatLooksLikeHexadecimalIsShownAsSuch() {
        assertThat(FileName.text(Opaque.ofUtf8("0x12"))).isEqualTo("0x30783132");
    }

    @Test
    void jsonIsEscapedAndUnsigned() {
        String json =
                written(
                        out ->
                                new JsonWriter(out)
                                        .object()
                                        .field("text", HOSTILE + "\n\u00e9")
                                        .unsignedField("big", -2)
                                        .nullField("none")
                                        .array("list")
                                        .element("x")
                                        .element("y")
                                        .endArray()
                                        .object("empty")
                                        .endObject()
                                        .field("yes", true)
                                        .endObject());
        assertThat(json)
                .isEqualTo(
                        "{\"text\":\"a\\\"b\\\\c\\u000a\\u00e9\",\"big\":18446744073709551614,"
                            + "\"none\":null,\"list\":[\"x\",\"y\"],\"empty\":{},\"yes\":true}");
    }

    @Test
    void namesOfClientsDoNotBreakOutOfDotLabels() {
        OwnerLine waiter = new OwnerLine("10.0.0.1", HOSTILE, "1.aa", 1, Opaque.EMPTY, "");
        OwnerLine holder = new OwnerLine("10.0.0.2", "b", "2.bb", 2, Opaque.EMPTY, "");
        LockLine wanted = new LockLine(Opaque.ofUtf8("f"), 0, -1, true, waiter, 3, false);
        String dot =
                written(
                        out -> {
                            DotGraph graph = new DotGraph(out);
                            graph.edge(new WaitLine(wanted, holder, 0, 9, false, false));
                            graph.edge(new WaitLine(wanted, holder, 10, 19, false, true));
                            graph.end();
                        });
        assertThat(dot.lines())
                .containsExactly(
                        "digraph waits {",
                        "  node [shape=box];",
                        "  \"1.aa\" [label=\"10.0.0.1 a\\\"b\\\\c\\n1.aa\"];",
                        "  \"2.bb\" [label=\"10.0.0.2 b\\n2.bb\"];",
                        "  \"1.aa\" -> \"2.bb\" [label=\"f\\n0-EOF EXCLUSIVE\", style=dashed];",
                        "  \"1.aa\" -> \"2.bb\" [label=\"f\\n0-EOF EXCLUSIVE\"];",
                        "}");
    }

    private static String written(Consumer<PrintStream> writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        writer.accept(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
