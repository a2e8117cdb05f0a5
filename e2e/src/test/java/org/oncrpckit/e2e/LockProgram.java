package org.oncrpckit.e2e;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A {@link LockProgramMain} that runs on a {@link JavaHost}: sends it commands, hears answers. */
final class LockProgram {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final Process process;
    private final Path errors;
    private final Writer commands;
    private final Map<String, CompletableFuture<String>> answers = new ConcurrentHashMap<>();
    private final List<String> news = new CopyOnWriteArrayList<>();
    private final AtomicInteger numbers = new AtomicInteger();

    LockProgram(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "lock-program");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                String[] words = line.split(" ", 2);
                if (words[0].equals("news")) {
                    news.add(words[1]);
                } else {
                    answers.computeIfAbsent(words[0], key -> new CompletableFuture<>())
                            .complete(words[1]);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            answers.values().forEach(each -> each.completeExceptionally(ended()));
        }
    }

    private AssertionError ended() {
        return new AssertionError("the program has ended; its log: " + errors);
    }

    /** Gives a command; its answer comes when it comes. */
    Asked ask(String command, Object... words) {
        String id = "c" + numbers.incrementAndGet();
        StringBuilder line = new StringBuilder(id).append(' ').append(command);
        for (Object each : words) {
            line.append(' ').append(each);
        }
        CompletableFuture<String> answer =
                answers.computeIfAbsent(id, key -> new CompletableFuture<>());
        try {
            commands.append(line.append('\n')).flush();
        } catch (IOException e) {
            answer.completeExceptionally(ended());
        }
        return new Asked(id, answer);
    }

    /** Gives a command and waits for its answer. */
    String run(String command, Object... words) {
        return ask(command, words).answer();
    }

    /** What its lock listener heard so far. */
    List<String> news() {
        return news;
    }

    void awaitNews(String line) {
        await("the program hears: " + line).atMost(LIMIT).until(() -> news.contains(line));
    }

    /** Ends it as a crash does. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** A command that was given. */
    record Asked(String id, CompletableFuture<String> future) {
        String answer() {
            return future.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
        }

        boolean isAnswered() {
            return future.isDone();
        }
    }
}
