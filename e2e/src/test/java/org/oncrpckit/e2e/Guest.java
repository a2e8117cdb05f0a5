package org.oncrpckit.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** One booted guest: a real Linux kernel that has mounted the export and runs our commands. */
final class Guest {
    private static final Duration BOOT_LIMIT = Duration.ofSeconds(90);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    private final int number;
    private final Path harness;
    private final Path jobFolder;
    private final Path log;
    private final Process process;
    private final AtomicInteger jobs = new AtomicInteger();

    private Guest(int number, Path harness, Path jobFolder, Path log, Process process) {
        this.number = number;
        this.harness = harness;
        this.jobFolder = jobFolder;
        this.log = log;
        this.process = process;
    }

    /** Starts the boot; {@link #awaitReady} waits for its end. */
    static Guest start(HarnessScript script, Path harness, Path runFolder, int number)
            throws IOException {
        Path jobFolder = runFolder.resolve("share").resolve("guest" + number);
        if (Files.exists(jobFolder)) {
            try (Stream<Path> old = Files.list(jobFolder)) {
                for (Path file : old.toList()) {
                    Files.delete(file);
                }
            }
        }
        Files.createDirectories(jobFolder);
        Path log = runFolder.resolve("guest" + number + ".log");
        Process process =
                script.start(
                        log,
                        "guest",
                        Integer.toString(number),
                        harness.resolve("agent.py") + " /srv/guest" + number);
        return new Guest(number, harness, jobFolder, log, process);
    }

    /** Waits until the guest takes commands. */
    void awaitReady() throws IOException {
        await("boot of guest " + number)
                .atMost(BOOT_LIMIT)
                .until(() -> Files.exists(jobFolder.resolve("ready")) || !process.isAlive());
        if (!process.isAlive()) {
            throw new IOException(
                    "guest " + number + " did not come up: " + Files.readString(log).strip());
        }
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /** Source address of the guest. */
    String address() {
        return "10.99.0.1" + number;
    }

    /** Starts a command for bash. */
    GuestJob start(String command) throws IOException {
        String name = "job" + jobs.incrementAndGet();
        Path file = jobFolder.resolve(name + ".part");
        Files.writeString(file, command, StandardCharsets.UTF_8);
        Files.move(file, jobFolder.resolve(name + ".cmd"), StandardCopyOption.ATOMIC_MOVE);
        return new GuestJob(this, jobFolder, name);
    }

    /** Runs a command for bash to its end and returns what it printed. */
    String run(String command) throws IOException {
        return start(command).awaitSuccess();
    }

    /**
     * Starts {@code lk.py} on a file below the mount.
     *
     * @param operations as its manual says, such as {@code "ex 0 100 waitfile /srv/go un 0 100"}
     */
    GuestJob locks(String file, String operations) throws IOException {
        return locksBelow("/mnt", file, operations);
    }

    /** The same on another mount point. */
    GuestJob locksBelow(String mountPoint, String file, String operations) throws IOException {
        return start(harness.resolve("lk.py") + " " + mountPoint + "/" + file + " " + operations);
    }

    /** Mounts the export once more, from another address of the server; the mount point. */
    String mount(String server, String transport) throws IOException {
        String mountPoint = "/run/mnt-" + server.replaceAll("[^0-9a-z]", "-");
        String host = server.contains(":") ? "[" + server + "]" : server;
        run(
                "mkdir -p %1$s && { grep -q ' %1$s ' /proc/mounts || mount -t nfs -o vers=3,proto=%2$s %3$s:/export %1$s; }"
                        .formatted(mountPoint, transport, host));
        return mountPoint;
    }

    /** Waits until the guest has gone down, after a command that crashes it. */
    void awaitDown() {
        await("guest " + number + " goes down").atMost(STOP_LIMIT).until(() -> !process.isAlive());
    }

    /** Ends the guest in good order. */
    void stop() throws IOException {
        if (process.isAlive()) {
            Files.writeString(jobFolder.resolve("stop"), "");
            awaitDown();
        }
    }
}
