package org.oncrpckit.lock.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The README shows what is compiled here, and what that prints. */
class ReadmeTest {
    private static final Path README = Path.of("README.md");
    private static final Path SOURCE =
            Path.of("src/test/java/org/oncrpckit/lock/example/TwoEditors.java");

    @Test
    void codeIsTheCompiledOne() throws IOException {
        assertThat(block("```java")).isEqualTo(source());
    }

    @Test
    void outputIsWhatItPrints() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new TwoEditors(new PrintStream(bytes, true, StandardCharsets.UTF_8)).run();
        assertThat(block("```text"))
                .isEqualTo(bytes.toString(StandardCharsets.UTF_8).lines().toList());
    }

    private static List<String> block(String opening) throws IOException {
        List<String> lines = Files.readAllLines(README);
        int from = lines.indexOf(opening) + 1;
        assertThat(from).as(opening).isPositive();
        return lines.subList(from, from + lines.subList(from, lines.size()).indexOf("```"));
    }

    private static List<String> source() throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(SOURCE));
        int from = lines.indexOf("    // README begins here") + 1;
        int to = lines.indexOf("    // README ends here");
        return lines.subList(from, to).stream()
                .map(line -> line.isEmpty() ? line : line.substring(4))
                .toList();
    }
}
