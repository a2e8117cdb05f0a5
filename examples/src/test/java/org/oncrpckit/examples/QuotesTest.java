package org.oncrpckit.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Documents quote the examples. A quote is a block below a line {@code <!-- quote Class region
 * -->}, and equals what stands in that example between {@code // [region]} and {@code // [end]},
 * but for its indentation; or below {@code <!-- output Class -->}, and equals what the example
 * prints. With {@code -Dquotes=write} the test brings the documents up to date.
 */
class QuotesTest {
    private static final Path PROJECT = Path.of("").toAbsolutePath().getParent();
    private static final Path SOURCES = Path.of("src/main/java/org/oncrpckit/examples");
    private static final int LINES_MAX = 100;
    private static final String WHAT =
            "(?<mark>quote (?<source>\\w+) (?<region>[\\w ]+)|output (?<program>\\w+))";
    private static final String BLOCK = "```(java|text)\n(?<text>.*?)```\n";
    private static final Pattern QUOTE =
            Pattern.compile("<!-- " + WHAT + " -->\n" + BLOCK, Pattern.DOTALL);
    private static final Pattern MARK = Pattern.compile("<!-- (quote|output) ");

    @Test
    void quotesAreEqualToTheExamples() throws Exception {
        boolean write = "write".equals(System.getProperty("quotes"));
        List<String> differences = new ArrayList<>();
        int quotes = 0;
        for (Path document : documents()) {
            String text = Files.readString(document);
            StringBuilder renewed = new StringBuilder();
            Matcher matcher = QUOTE.matcher(text);
            while (matcher.find()) {
                quotes++;
                String real = quoted(matcher);
                if (!real.equals(matcher.group("text"))) {
                    differences.add(difference(document, matcher, real));
                }
                String opening = text.substring(matcher.start(), matcher.start("text"));
                matcher.appendReplacement(
                        renewed, Matcher.quoteReplacement(opening + real + "```\n"));
            }
            matcher.appendTail(renewed);
            assertThat(MARK.matcher(text).results().count())
                    .as("marks of %s that a block follows", document)
                    .isEqualTo(QUOTE.matcher(text).results().count());
            if (write) {
                Files.writeString(document, renewed);
            }
        }
        assertThat(quotes).isPositive();
        if (!differences.isEmpty() && !write) {
            fail(
                    "run this test with -Dquotes=write, or mend the example:\n"
                            + String.join("\n", differences));
        }
    }

    @Test
    void everyExampleFitsOnAPage() throws IOException {
        try (Stream<Path> sources = Files.list(SOURCES)) {
            for (Path source : sources.toList()) {
                assertThat(Files.readAllLines(source)).as("%s", source).hasSizeLessThan(LINES_MAX);
            }
        }
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> files = Files.walk(PROJECT, 2)) {
            return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
        }
    }

    private static String quoted(Matcher quote) throws Exception {
        String program = quote.group("program");
        if (program == null) {
            return region(quote.group("source"), quote.group("region"));
        }
        Method main =
                Class.forName(QuotesTest.class.getPackageName() + "." + program)
                        .getMethod("main", String[].class);
        return Console.of(() -> main.invoke(null, (Object) new String[0]));
    }

    private static String region(String example, String name) throws IOException {
        List<String> lines = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(SOURCES.resolve(example + ".java"))) {
            if (line.strip().equals("// [end]")) {
                inside = false;
            } else if (line.strip().equals("// [" + name + "]")) {
                inside = true;
            } else if (inside) {
                lines.add(line);
            }
        }
        assertThat(lines).as("region [%s] of %s", name, example).isNotEmpty();
        return String.join("\n", lines).stripTrailing().stripIndent() + "\n";
    }

    private static String difference(Path document, Matcher quote, String text) {
        List<String> documented = quote.group("text").lines().toList();
        List<String> real = text.lines().toList();
        StringBuilder shown = new StringBuilder();
        shown.append(PROJECT.relativize(document)).append(": ");
        shown.append(quote.group("mark")).append('\n');
        documented.stream()
                .filter(line -> !real.contains(line))
                .forEach(line -> shown.append("  document: ").append(line).append('\n'));
        real.stream()
                .filter(line -> !documented.contains(line))
                .forEach(line -> shown.append("  example:  ").append(line).append('\n'));
        return shown.toString();
    }
}
