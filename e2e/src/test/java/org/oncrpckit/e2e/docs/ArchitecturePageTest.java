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

/**
 * The table of packages in {@code docs/architecture.md} has every package of the modules, and no
 * other.
 */
class ArchitecturePageTest {
    private static final Pattern ROW =
            Pattern.compile("^\\| `([a-z0-9.]+)` \\|", Pattern.MULTILINE);
    private static final Pattern PACKAGE =
            Pattern.compile("^package org\\.oncrpckit\\.([a-z0-9.]+);", Pattern.MULTILINE);

    @Test
    void everyPackageIsInTheTable() throws IOException {
        assertThat(named()).isEqualTo(packages());
    }

    private static Set<String> named() throws IOException {
        Set<String> named = new TreeSet<>();
        String page = Files.readString(Sources.document("architecture.md"));
        Matcher rows =
                ROW.matcher(
                        page.substring(
                                page.indexOf("## The packages"), page.indexOf("## The way of")));
        while (rows.find()) {
            named.add(rows.group(1));
        }
        return named;
    }

    private static Set<String> packages() throws IOException {
        Set<String> packages = new TreeSet<>();
        for (Path file : Sources.java("src/main")) {
            Matcher name = PACKAGE.matcher(Files.readString(file));
            if (name.find()) {
                packages.add(name.group(1));
            }
        }
        packages.remove("examples");
        return packages;
    }
}
