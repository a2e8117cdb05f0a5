package org.oncrpckit.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.oncrpckit.nlm.admin.LocalLockRequest;
import org.oncrpckit.xdr.Opaque;

/** {@code bin/nlmd} started as any user would, on loopback and without rpcbind. */
final class LocalDaemon implements AutoCloseable {
    /** What a remote message merely announces must not fit. */
    static final String SMALL_HEAP = "-Xmx64m";

    private static final Pattern PORTS = Pattern.compile("nlm=(\\d+) nsm=(\\d+)");

    private final Path stateFolder;
    private final Process process;
    private final String readyLine;

    private LocalDaemon(Path stateFolder, Process process, String readyLine) {
        this.stateFolder = stateFolder;
        this.process = process;
        this.readyLine = readyLine;
    }

    /** What a program that has ended said. */
    record Ended(int status, String stdout, String stderr) {}

    /** Starts a daemon and waits for its ready line. */
    static LocalDaemon start(Path stateFolder, String... options) throws IOException {
        return startWithHeap(SMALL_HEAP, stateFolder, options);
    }

    /** The same with another limit of its heap, as an option of the Java virtual machine. */
    static LocalDaemon startWithHeap(String heap, Path stateFolder, String... options)
            throws IOException {
        return startWithin(List.of(), heap, stateFolder, options(stateFolder, options));
    }

    /** The same behind a command that enters another host, with all of its options. */
    static LocalDaemon startWithin(
            List<String> enter, String heap, Path stateFolder, List<String> options)
            throws IOException {
        ProcessBuilder command = command("nlmd", options);
        command.command().addAll(0, enter);
        command.environment().put("NLMD_JAVA_OPTS", heap);
        return start(stateFolder, command);
    }

    /**
     * Starts a daemon that believes that the host has been booted again: in a mount name space of
     * its own, another text lies over the kernel's name of the boot. Needs root.
     */
    static LocalDaemon startInAnotherBoot(Path stateFolder, String... options) throws IOException {
        Path boot = stateFolder.resolveSibling(stateFolder.getFileName() + ".boot");
        Files.writeString(boot, UUID.randomUUID() + "\n");
        List<String> line = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c"));
        line.add("mount --bind " + boot + " /proc/sys/kernel/random/boot_id && exec \"$@\"");
        line.add("sh");
        ProcessBuilder command = command("nlmd", options(stateFolder, options));
        line.addAll(command.command());
        return start(stateFolder, command.command(line));
    }

    private static LocalDaemon start(Path stateFolder, ProcessBuilder command) throws IOException {
        Path errors = log(stateFolder);
        Process process = command.redirectError(errors.toFile()).start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        String ready = output.readLine();
        if (ready == null || !ready.startsWith("nlmd ready")) {
            throw new IOException("no ready line but " + ready + ": " + Files.readString(errors));
        }
        return new LocalDaemon(stateFolder, process, ready);
    }

    private static List<String> options(Path stateFolder, String... more) {
        List<String> line = new ArrayList<>(List.of("--listen", "127.0.0.1", "--rpcbind", "none"));
        line.addAll(List.of("--state-dir", stateFolder.toString()));
        line.addAll(List.of(more));
        return line;
    }

    private static Path log(Path stateFolder) {
        return stateFolder.resolveSibling(stateFolder.getFileName() + ".err");
    }

    /** What it has said on stderr since it started. */
    String log() throws IOException {
        return Files.readString(log(stateFolder));
    }

    /** Runs a launcher of the distribution to its end. */
    static Ended run(String launcher, String... arguments)
            throws IOException, InterruptedException {
        Process process = command(launcher, List.of(arguments)).start();
        CompletableFuture<String> errors =
                CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
        String output = text(process.getInputStream());
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(launcher + " has not ended: " + errors.join());
        }
        return new Ended(process.exitValue(), output, errors.join());
    }

    private static String text(InputStream stream) {
        try {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ProcessBuilder command(String launcher, List<String> arguments) {
        List<String> line = new ArrayList<>();
        line.add(NlmdUnderTest.launcher(launcher));
        line.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().put("NLMD_BUILD", "never");
        return builder.redirectInput(Path.of("/dev/null").toFile());
    }

    /** A request of a process of this host for an exclusive lock. */
    static LocalLockRequest request(String file, long first, long last, boolean queued) {
        return new LocalLockRequest(Opaque.ofUtf8(file), first, last, true, queued, "tester", 4711);
    }

    String readyLine() {
        return readyLine;
    }

    int nlmPort() {
        return port(1);
    }

    int nsmPort() {
        return port(2);
    }

    private int port(int group) {
        Matcher matcher = PORTS.matcher(readyLine);
        if (!matcher.find()) {
            throw new AssertionError("no ports in: " + readyLine);
        }
        return Integer.parseInt(matcher.group(group));
    }

    Path controlSocket() {
        return stateFolder.resolve("nlmd.sock");
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Sends SIGTERM and returns the exit status. */
    int terminate() throws InterruptedException, IOException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            throw new IOException("nlmd does not end on SIGTERM");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        // Until it has ended its state folder is busy.
        process.destroyForcibly().onExit().join();
    }
}
