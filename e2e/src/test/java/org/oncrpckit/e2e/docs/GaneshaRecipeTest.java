package org.oncrpckit.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The configuration of nfs-ganesha in README is the one that the scenarios run with. */
class GaneshaRecipeTest {
    private static final String FIRST = "NFS_CORE_PARAM {";

    @Test
    void readmeHasWhatTheHarnessWrites() throws IOException {
        List<String> readme =
                Files.readAllLines(Sources.document("../README.md")).stream()
                        .dropWhile(line -> !line.strip().equals(FIRST))
                        .takeWhile(line -> line.startsWith("    "))
                        .map(String::strip)
                        .toList();

        assertThat(readme).isNotEmpty().isEqualTo(ofHarness());
    }

    /** For files on disk and without ganesha's own lock manager. */
    private static List<String> ofHarness() throws IOException {
        Path script = Sources.document("../e2e/linux-client/linux-client.sh");
        return Files.readAllLines(script).stream()
                .dropWhile(line -> !line.equals(FIRST))
                .takeWhile(line -> !line.equals("G"))
                .filter(line -> !line.matches("(MEM|NFSv4|LOG) .*"))
                .map(
                        line ->
                                line.replaceAll(
                                        "\\$\\(\\[ \\$nlm = nonlm ] && echo (\\w+) .*\\)", "$1"))
                .map(line -> line.replaceAll("\\$\\(\\[ \\$fsal = VFS ] .*\\)", "/srv/files"))
                .map(line -> line.replace("$fsal", "VFS").strip())
                .toList();
    }
}
