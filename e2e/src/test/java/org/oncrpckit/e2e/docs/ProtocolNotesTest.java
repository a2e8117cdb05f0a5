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
 * The table of others' faults in {@code docs/protocol-notes.md}: each number has a test that is
 * there, or says why the fault cannot be here.
 */
class ProtocolNotesTest {
    private static final int FAULTS = 51;
    private static final Pattern ROW =
            Pattern.compile("^\\| (F?)([0-9, to]+) \\|[^|]+\\| (.+) \\|$", Pattern.MULTILINE);

    /** Class.method, the method perhaps cut short by dots; or Class alone. */
    private static final Pattern TEST =
            Pattern.compile("`([A-Z]\\w*(?:Test|Scenarios|Contract))(?:\\.(\\w+)(…?))?`");

    /** A method named after its number; the class behind it or one of the next. */
    private static final Pattern NUMBERED = Pattern.compile("`((?:bug|freebsd)\\d\\w*)(…?)`");

    @Test
    void everyFaultHasATestOrAReason() throws IOException {
        Map<String, String> tests = tests();
        Set<Integer> numbers = new TreeSet<>();
        List<String> wrong = new ArrayList<>();
        Matcher rows = ROW.matcher(Files.readString(Sources.document("protocol-notes.md")));
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

    private static Map<String, String> tests() throws IOException {
        Map<String, String> tests = new HashMap<>();
        for (Path file : Sources.java("src/test")) {
            String name = file.getFileName().toString().replace(".java", "");
            tests.merge(name, Files.readString(file), String::concat);
        }
        return tests;
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
