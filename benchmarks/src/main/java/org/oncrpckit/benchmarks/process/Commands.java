package org.oncrpckit.benchmarks.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Programs that run to their end and print what they found out. */
public final class Commands {
    private static final int SECONDS_MAX = 600;

    private Commands() {}

    /**
     * Standard output.
     *
     * @throws IOException when it cannot be started or ends with another status than 0; the message
     *     has what it printed
     */
    public static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(command.get(0) + " ran longer than " + SECONDS_MAX + " s");
        }
        if (process.exitValue() != 0) {
            throw new IOException(
                    String.join(" ", command) + ": status " + process.exitValue() + ": " + output);
        }
        return output;
    }

    /** First line of the output, or empty when the program is not there or fails. */
    public static Optional<String> firstLine(String... command) throws InterruptedException {
        try {
            return run(List.of(command)).lines().findFirst();
        } catch (IOException missing) {
            return Optional.empty();
        }
    }
}
