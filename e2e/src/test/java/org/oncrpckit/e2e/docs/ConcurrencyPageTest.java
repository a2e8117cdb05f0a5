package org.oncrpckit.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/concurrency.md} names every thread that is started and every class with a lock. */
class ConcurrencyPageTest {
    private static final Pattern LOCK =
            Pattern.compile("\\bsynchronized\\b(?! by)|new (?:Reentrant|Stamped)\\w*Lock");
    private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|//[^\n]*");

    /** The first string after it is the name, or the part of it that does not change. */
    private static final Pattern THREAD = Pattern.compile("new Thread\\([^\"]*\"([^\"]+)\"");

    @Test
    void everyLockAndEveryThreadIsOnThePage() throws IOException {
        String page = Files.readString(Sources.document("concurrency.md"));
        Set<String> missing = new TreeSet<>();
        int found = 0;
        for (Path file : Sources.java("src/main")) {
            String path = file.toString();
            // The simulation has one lock for everything on its hosts; examples are not the
            // library.
            if (path.contains("/simulation/") || path.contains("/examples/")) {
                continue;
            }
            String code = COMMENT.matcher(Files.readString(file)).replaceAll("");
            String type = file.getFileName().toString().replace(".java", "");
            if (LOCK.matcher(code).find()) {
                found++;
                if (!page.contains("`" + type + "`") && !page.contains("`" + type + ".")) {
                    missing.add("lock of " + type);
                }
            }
            Matcher threads = THREAD.matcher(code);
            while (threads.find()) {
                found++;
                if (!page.contains(threads.group(1))) {
                    missing.add("thread " + threads.group(1) + " of " + type);
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(found).isGreaterThan(50);
    }
}
