package org.oncrpckit.benchmarks.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A program that runs beside this one until it is closed, and says a line with "ready" in it when
 * it serves.
 */
public final class Child implements AutoCloseable {
    private static final int READY_SECONDS = 60;
    private static final int ANSWER_SECONDS = 300;
    private static final int END_SECONDS = 10;
    private static final String END_OF_OUTPUT = "";

    private final String name;
    private final Process process;
    private final Path log;
    private final BlockingQueue<String> output = new LinkedBlockingQueue<>();
    private String greeting = "";

    private Child(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts it and waits until it is ready.
     *
     * @param logs folder for what it writes to its standard error
     */
    public static Child start(String name, Path logs, List<String> command)
            throws IOException, InterruptedException {
        Path log = logs.resolve(name.replace(' ', '-') + ".log");
        Process process =
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.to(log.toFile()))
                        .start();
        Child child = new Child(name, process, log);
        Thread reader = new Thread(child::readOutput, "output of " + name);
        reader.setDaemon(true);
        reader.start();
        try {
            while (!child.greeting.contains("ready")) {
                child.greeting = child.nextLine(READY_SECONDS);
            }
        } catch (IOException | InterruptedException e) {
            child.close();
            throw e;
        }
        return child;
    }

    /** The line that said "ready". */
    public String greeting() {
        return greeting;
    }

    /** Its process number. */
    public long pid() {
        return process.pid();
    }

    /** Its only child's process number, where it is a launcher that stays. */
    public long onlyChild() throws IOException {
        return process.children()
                .findFirst()
                .orElseThrow(() -> new IOException(name + " has no child process"))
                .pid();
    }

    /** Gives it a line and returns the line that it answers. */
    public String ask(String line) throws IOException, InterruptedException {
        Writer input = process.outputWriter(StandardCharsets.UTF_8);
        input.write(line + "\n");
        input.flush();
        return nextLine(ANSWER_SECONDS);
    }

    private void readOutput() {
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isEmpty()) {
                    output.add(line);
                }
            }
        } catch (IOException closed) {
            // as at its end
        }
        output.add(END_OF_OUTPUT);
    }

    private String nextLine(int seconds) throws IOException, InterruptedException {
        String line = output.poll(seconds, TimeUnit.SECONDS);
        if (line == null) {
            throw new IOException(name + " said nothing for " + seconds + " s");
        }
        if (line.equals(END_OF_OUTPUT)) {
            throw new IOException(name + " has ended: " + Files.readString(log).strip());
        }
        return line;
    }

    /** Ends it, by force when it takes longer than a while. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
