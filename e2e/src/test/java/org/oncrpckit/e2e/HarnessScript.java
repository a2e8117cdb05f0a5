package org.oncrpckit.e2e;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@code linux-client.sh}, which owns the namespaces, the guests and the captures. */
final class HarnessScript {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path script;
    private final Path runFolder;

    HarnessScript(Path script, Path runFolder) {
        this.script = script;
        this.runFolder = runFolder;
    }

    /** Output and status of a command that has ended. */
    record Outcome(int status, String output) {}

    /** Runs a verb to its end. */
    Outcome run(String... arguments) throws IOException {
        Path output = Files.createTempFile(runFolder, "script", ".out");
        Process process = command(List.of(arguments)).redirectOutput(output.toFile()).start();
        if (!ends(process)) {
            process.destroyForcibly();
            throw new IOException(
                    String.join(" ", arguments)
                            + " has not ended after "
                            + LIMIT.toSeconds()
                            + " s");
        }
        String text = Files.readString(output, StandardCharsets.ISO_8859_1);
        Files.delete(output);
        return new Outcome(process.exitValue(), text.strip());
    }

    private static boolean ends(Process process) throws IOException {
        try {
            return process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /** Runs a verb to its end and insists that it succeeds. */
    String runOrThrow(String... arguments) throws IOException {
        Outcome outcome = run(arguments);
        if (outcome.status() != 0) {
            throw new IOException(
                    String.join(" ", arguments)
                            + " ended with "
                            + outcome.status()
                            + ": "
                            + outcome.output());
        }
        return outcome.output();
    }

    /** Starts a verb that goes on in the background; its output goes to a file. */
    Process start(Path output, String... arguments) throws IOException {
        return command(List.of(arguments)).redirectOutput(output.toFile()).start();
    }

    private ProcessBuilder command(List<String> arguments) {
        List<String> line = new ArrayList<>();
        line.add(script.toString());
        line.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().put("HARNESS_RUN", runFolder.toString());
        builder.environment().put("G_TIMEOUT", "900");
        builder.environment().put("NLMD_BUILD", "never");
        return builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    }
}
