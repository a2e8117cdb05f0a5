package org.oncrpckit.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The tables of {@code docs/protocol-notes.md}: each section of a specification has a class and a
 * test that are there, and each fault of others a test, or a word why it cannot be here.
 */
class ProtocolNotesTest {
    private static final int FAULTS = 51;
    private static final Pattern ROW =
            Pattern.compile("^\\| (F?)([0-9, to]+) \\|[^|]+\\| (.+) \\|$", Pattern.MULTILINE);

    /** A row of the first tables: section, what, classes, tests. */
    private static final Pattern SECTION =
            Pattern.compile(
                    "^\\| ([^|]+) \\| [^|]+ \\| ([^|]+) \\| ([^|]+) \\|$", Pattern.MULTILINE);

    /** Class.member of the code, or Class alone. */
    private static final Pattern CODE = Pattern.compile("`([A-Z]\\w*)(?:\\.(\\w+))?`");

    private static final String SECTIONS = "## From the specification to the code";
    private static final String HABITS = "## Habits of clients";
    private static final String FAULTS_OF_OTHERS = "## Faults of other lock managers";

    /** Class.method, the method perhaps cut short by dots; or Class alone. */
    private static final Pattern TEST =
            Pattern.compile("`([A-Z]\\w*(?:Test|Scenarios|Contract))(?:\\.(\\w+)(…?))?`");

    /** A method named after its number; the class behind it or one of the next. */
    private static final Pattern NUMBERED = Pattern.compile("`((?:bug|freebsd)\\d\\w*)(…?)`");

    @Test
    void everySectionHasAClassAndATest() throws IOException {
        Map<String, String> code = sources("src/main");
        Map<String, String> tests = sources("src/test");
        List<String> wrong = new ArrayList<>();
        int sections = 0;
        Matcher rows = SECTION.matcher(part(SECTIONS, HABITS));
        while (rows.find()) {
            if (rows.group(1).equals("section") || rows.group(1).equals("procedure")) {
                continue;
            }
            sections++;
            checkCode(rows.group(2), code, wrong);
            check(rows.group(3), tests, wrong);
        }
        assertThat(wrong).isEmpty();
        assertThat(sections).isGreaterThan(50);
    }

    private static void checkCode(String cell, Map<String, String> code, List<String> wrong) {
        Matcher named = CODE.matcher(cell);
        int found = 0;
        while (named.find()) {
            String source = code.getOrDefault(named.group(1), "");
            String member = named.group(2) == null ? "" : named.group(2) + "(";
            if (source.isEmpty() || !source.contains(member)) {
                wrong.add(named.group() + " is nowhere, in: " + cell);
            }
            found++;
        }
        if (found == 0) {
            wrong.add("no class in: " + cell);
        }
    }

    /** From one heading to another. */
    private static String part(String from, String to) throws IOException {
        String page = Files.readString(Sources.document("protocol-notes.md"));
        int end = to.isEmpty() ? page.length() : page.indexOf(to);
        return page.substring(page.indexOf(from), end);
    }

    @Test
    void everyFaultHasATestOrAReason() throws IOException {
        Map<String, String> tests = sources("src/test");
        Set<Integer> numbers = new TreeSet<>();
        List<String> wrong = new ArrayList<>();
        Matcher rows = ROW.matcher(part(FAULTS_OF_OTHERS, ""));
        while (rows.find()) {
            if (rows.group(1).isEmpty()) {
                numbers.addAll(numbers(rows.group(2)));
            }
            check(rows.group(3), tests, wrong);
        }
        assertThat(wrong).isEmpty();
        for (int i = 1; i <= FAULTS; i++) {
            assertThat(numbers).contains(i);
        }
    }

    private static void check(String row, Map<String, String> tests, List<String> wrong) {
        int found = 0;
        Matcher named = TEST.matcher(row);
        while (named.find()) {
            String source = tests.get(named.group(1));
            boolean there =
                    source != null
                            && (named.group(2) == null
                                    || has(source, named.group(2), named.group(3)));
            found += there ? 1 : 0;
            if (!there) {
                wrong.add(named.group() + " is nowhere, in: " + row);
            }
        }
        Matcher numbered = NUMBERED.matcher(row);
        while (numbered.find()) {
            String method = numbered.group(1);
            if (tests.values().stream().noneMatch(it -> has(it, method, numbered.group(2)))) {
                wrong.add(numbered.group() + " is nowhere, in: " + row);
            }
        }
        if (found == 0 && !row.startsWith("Cannot: ")) {
            wrong.add("neither a test nor a reason in: " + row);
        }
    }

    private static boolean has(String source, String method, String dots) {
        return source.contains(" void " + method + (dots.isEmpty() ? "(" : ""));
    }

    /** What the files of a class's name say, of all modules. */
    private static Map<String, String> sources(String part) throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (Path file : Sources.java(part)) {
            String name = file.getFileName().toString().replace(".java", "");
            sources.merge(name, Files.readString(file), String::concat);
        }
        return sources;
    }

    /** "4, 5" or "13 to 16". */
    private static Set<Integer> numbers(String text) {
        Set<Integer> numbers = new TreeSet<>();
        for (String part : text.split(",", -1)) {
            String[] ends = part.strip().split(" to ", -1);
            for (int i = Integer.parseInt(ends[0]);
                    i <= Integer.parseInt(ends[ends.length - 1]);
                    i++) {
                numbers.add(i);
            }
        }
        return numbers;
    }
}
