package org.oncrpckit.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** systemd has nothing to say against {@code docs/nlmd.service}. */
class UnitFileTest {
    private static final Path SYSTEMD_ANALYZE = Path.of("/usr/bin/systemd-analyze");

    @TempDir private Path folder;

    @Test
    void systemdVerifiesTheUnit() throws Exception {
        assumeTrue(Files.isExecutable(SYSTEMD_ANALYZE), "no systemd-analyze");
        String unit = Files.readString(Sources.document("nlmd.service"));
        assertThat(unit).contains("ExecStart=/opt/nlmd/bin/nlmd ");
        assertThat(verify(unit.replace("/opt/nlmd/bin/nlmd", "/bin/true"))).isEmpty();
        assertThat(verify(unit.replace("Type=exec", "Typ=exec"))).as("a mistake").isNotEmpty();
    }

    private String verify(String unit) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("nlmd.service"), unit);
        Process process =
                new ProcessBuilder(SYSTEMD_ANALYZE.toString(), "verify", file.toString())
                        .redirectErrorStream(true)
                        .start();
        String said =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return process.waitFor() == 0 ? said : "status " + process.exitValue() + " " + said;
    }
}
