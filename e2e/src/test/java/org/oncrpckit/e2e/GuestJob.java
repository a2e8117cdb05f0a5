package org.oncrpckit.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A command that runs, or ran, inside a guest. */
final class GuestJob {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final Guest guest;
    private final Path folder;
    private final String name;

    GuestJob(Guest guest, Path folder, String name) {
        this.guest = guest;
        this.folder = folder;
        this.name = name;
    }

    /** What it has printed so far. */
    String output() throws IOException {
        Path file = folder.resolve(name + ".out");
        return Files.exists(file)
                ? Files.readString(file, StandardCharsets.ISO_8859_1).strip()
                : "";
    }

    boolean hasEnded() {
        return Files.exists(folder.resolve(name + ".rc"));
    }

    /** Waits until its output contains a text. */
    void awaitOutput(String text) {
        await(name + " on " + guest.address() + " prints '" + text + "'")
                .atMost(LIMIT)
                .until(() -> output().contains(text) || hasEnded());
        try {
            if (!output().contains(text)) {
                throw new AssertionError(
                        name + " has ended without printing '" + text + "': " + output());
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits for its end; the exit status. */
    int awaitEnd() throws IOException {
        await(name + " on " + guest.address() + " ends").atMost(LIMIT).until(this::hasEnded);
        return Integer.parseInt(Files.readString(folder.resolve(name + ".rc")).strip());
    }

    /** Waits for its end and insists on exit status 0; what it printed. */
    String awaitSuccess() throws IOException {
        int status = awaitEnd();
        if (status != 0) {
            throw new AssertionError(
                    name + " on " + guest.address() + " ended with " + status + ": " + output());
        }
        return output();
    }

    /** Waits until it has been started. */
    void awaitStart() {
        await(name + " has started").atMost(LIMIT).until(() -> Files.exists(processId()));
    }

    /** Sends a signal to the command and all its children. */
    void signal(String signal) throws IOException {
        awaitStart();
        guest.run("kill -" + signal + " -- -" + Files.readString(processId()).strip());
    }

    private Path processId() {
        return folder.resolve(name + ".pid");
    }
}
