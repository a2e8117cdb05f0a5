package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code examples/run}, as a newcomer uses it. */
class ExamplesRunTest {
    private static final Path PROJECT = Path.of("").toAbsolutePath().getParent();

    @Test
    void withoutANameItListsThem() throws Exception {
        Said said = run();
        assertThat(said.status()).isEqualTo(2);
        assertThat(said.text())
                .contains("GreetingServer", "LockClient")
                .doesNotContain("GreetingProtocol");
    }

    @Test
    void withANameItRunsThatOne() throws Exception {
        Path distribution = PROJECT.resolve("nlm-service/target/nlmd/lib");
        assumeTrue(Files.isDirectory(distribution), distribution + " is missing");
        Said said = run("TwoClientsOneLock");
        assertThat(said.text()).contains("bert locks: DENIED");
        assertThat(said.status()).isZero();
    }

    private record Said(int status, String text) {}

    private static Said run(String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(PROJECT.resolve("examples/run").toString()));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().put("NLMD_BUILD", "never");
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), text);
    }
}
