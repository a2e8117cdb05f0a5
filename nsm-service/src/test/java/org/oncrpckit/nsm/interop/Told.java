package org.oncrpckit.nsm.interop;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;

/** A process that is told what to do line by line, and whose lines are remembered. */
final class Told {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Process process;
    private final PrintStream input;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    Told(Process process) {
        this.process = process;
        input = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "output of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            // It was killed.
        }
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    /** How many of its lines begin so. */
    long count(String prefix) {
        return lines.stream().filter(line -> line.startsWith(prefix)).count();
    }

    /** Waits for a line that begins so, the n-th, from 1. */
    String line(String prefix, int n) {
        try {
            await().atMost(LIMIT).until(() -> count(prefix) >= n || !process.isAlive());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("no line \"" + prefix + "\" number " + n + " in " + lines, e);
        }
        if (count(prefix) < n) {
            throw new AssertionError("ended without \"" + prefix + "\": " + lines);
        }
        return lines.stream().filter(line -> line.startsWith(prefix)).toList().get(n - 1);
    }

    /** Says a line and waits for the answer to it. */
    String ask(String line, String answerPrefix) {
        int before = (int) count(answerPrefix);
        input.println(line);
        return line(answerPrefix, before + 1);
    }

    /** SIGKILL. */
    void kill() {
        process.toHandle().destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** SIGTERM; its exit status. */
    int terminate() throws InterruptedException {
        process.toHandle().destroy();
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("does not end on SIGTERM: " + lines);
        }
        return process.exitValue();
    }
}
