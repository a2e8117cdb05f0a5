package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code nsmd --rpcbind embedded} on a host that has no rpcbind: a network and a /run of its own.
 * Needs root.
 */
@EnabledOnOs(OS.LINUX)
class NsmdCommandTest {
    private static final String ALONE =
            "mount -t tmpfs none /run && ip link set lo up && exec \"$@\"";

    @TempDir private Path folder;
    private Process nsmd;
    private String readyLine = "";

    @BeforeEach
    void start() throws IOException {
        Requirement.root();
        Path errors = folder.resolve("nsmd.err");
        nsmd =
                new ProcessBuilder(
                                "unshare",
                                "--net",
                                "--mount",
                                "sh",
                                "-c",
                                ALONE,
                                "sh",
                                NlmdUnderTest.launcher("nsmd"),
                                "--rpcbind",
                                "embedded",
                                "--state-dir",
                                folder.resolve("state").toString())
                        .redirectError(errors.toFile())
                        .start();
        readyLine = String.valueOf(nsmd.inputReader(StandardCharsets.UTF_8).readLine());
        assertThat(readyLine).as(Files.readString(errors)).startsWith("nsmd ready");
    }

    @AfterEach
    void kill() {
        if (nsmd != null) {
            nsmd.destroyForcibly().onExit().join();
        }
    }

    @Test
    void embeddedRpcbindLeadsToTheMonitorUntilItEnds() throws Exception {
        assertThat(readyLine).contains(" rpcbind=embedded ");
        assertThat(rpcprobe("list", "127.0.0.1", "--json"))
                .contains("\"program\":100024")
                .contains("\"program\":100000")
                .contains("\"tcp\"")
                .contains("\"udp\"");
        for (String transport : List.of("udp", "tcp")) {
            assertThat(rpcprobe("ping", "127.0.0.1", "100024/1", "--transport", transport))
                    .contains("0 lost, 0 failed");
        }
        nsmd.destroy();
        assertThat(nsmd.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(nsmd.exitValue()).isZero();
    }

    /** Runs it on nsmd's host; what it printed. */
    private String rpcprobe(String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("nsenter", "--net", "--mount", "--target"));
        line.addAll(List.of(Long.toString(nsmd.pid()), NlmdUnderTest.launcher("rpcprobe")));
        line.addAll(List.of(arguments));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
