package org.oncrpckit.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What {@code benchmarks/run} refuses before it has built or measured anything. */
@EnabledOnOs(OS.LINUX)
class RunScriptTest {
    private record End(int status, String output) {}

    private static End run(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("./run"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return new End(process.waitFor(), output);
    }

    @Test
    void unknownAreaIsRefusedAtOnceWithTheNamesOfAll() throws Exception {
        assertThat(run("xdr", "nope")).isEqualTo(new End(2, "no area nope; " + Benchmarks.usage()));
        assertThat(run("--help")).isEqualTo(new End(0, Benchmarks.usage()));
    }

    @Test
    void secondRunInTheSameCloneIsRefused() throws Exception {
        Process first =
                new ProcessBuilder("flock", "run", "sh", "-c", "echo runs; read end").start();
        try {
            first.inputReader(StandardCharsets.UTF_8).readLine();

            End second = run("--quick", "xdr");

            assertThat(second.status()).isEqualTo(1);
            assertThat(second.output()).matches("benchmarks/run: another run in /.* is not over");
        } finally {
            first.destroy();
            first.waitFor();
        }
    }
}
