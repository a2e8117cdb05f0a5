package org.oncrpckit.e2e.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.oncrpckit.e2e.Requirement;

/** A small C program beside the tests, compiled by the test that needs it. */
final class NativeProgram {
    private static final int LIMIT_SECONDS = 120;

    private final Path executable;

    private NativeProgram(Path executable) {
        this.executable = executable;
    }

    /**
     * Compiles {@code src/test/c/NAME.c}. Without a compiler, or a library that it wants, the test
     * is skipped; with {@code E2E=required} in the environment it fails.
     */
    static NativeProgram compile(Path folder, String name, String... options) throws Exception {
        Path source = Path.of("src/test/c", name + ".c").toAbsolutePath();
        Path executable = folder.resolve(name);
        List<String> line =
                new ArrayList<>(List.of("gcc", "-std=gnu11", "-O2", "-Wall", "-Wextra"));
        line.addAll(List.of("-Werror", "-o", executable.toString(), source.toString()));
        line.addAll(Arrays.asList(options));
        Path log = folder.resolve(name + ".gcc");
        int status;
        try {
            status = run(line, log).exitValue();
        } catch (IOException e) {
            status = -1;
            Files.writeString(log, e.toString());
        }
        if (status != 0) {
            throw Requirement.isMissing(
                    name + ".c cannot be compiled: " + Files.readString(log).strip());
        }
        return new NativeProgram(executable);
    }

    /** With libtirpc. */
    static NativeProgram compileWithTirpc(Path folder, String name) throws Exception {
        // The old interface of the library declares functions without prototypes.
        return compile(folder, name, "-I/usr/include/tirpc", "-Wno-cast-function-type", "-ltirpc");
    }

    private static Process run(List<String> line, Path log) throws Exception {
        Process process =
                new ProcessBuilder(line)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(line.get(0) + " has not ended in " + LIMIT_SECONDS + " s");
        }
        return process;
    }

    /** Starts it and leaves it running. */
    Running start(String... arguments) throws IOException {
        List<String> line = new ArrayList<>(List.of(executable.toString()));
        line.addAll(Arrays.asList(arguments));
        return new Running(
                new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /** A program that runs until it is closed. */
    static final class Running implements AutoCloseable {
        private final Process process;
        private final BufferedReader output;

        private Running(Process process) {
            this.process = process;
            this.output = process.inputReader(StandardCharsets.UTF_8);
        }

        /** Its next line of output. */
        String line() throws IOException {
            String line = output.readLine();
            if (line == null) {
                throw new IOException("the program has ended");
            }
            return line;
        }

        /** Types a line. */
        void type(String line) throws IOException {
            Writer input = process.outputWriter(StandardCharsets.UTF_8);
            input.write(line + "\n");
            input.flush();
        }

        /** Waits for its end; the exit status. */
        int await() throws Exception {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the program has not ended in " + LIMIT_SECONDS + " s");
            }
            return process.exitValue();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    /** The number behind {@code key=} in a line. */
    static int number(String line, String key) {
        Matcher matcher = Pattern.compile("\\b" + key + "=(\\d+)").matcher(line);
        if (!matcher.find()) {
            throw new AssertionError("no " + key + " in: " + line);
        }
        return Integer.parseInt(matcher.group(1));
    }
}
