package org.oncrpckit.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The server's half of the test bed: private namespaces with rpcbind and an NFSv3 server, with or
 * without that server's own lock manager.
 */
final class ServerSide implements AutoCloseable {
    /** Its address inside the namespaces. */
    static final String ADDRESS = "10.99.0.1";

    private final Path harness;
    private final Path runFolder;
    private final HarnessScript script;

    private ServerSide(Path harness, Path runFolder, HarnessScript script) {
        this.harness = harness;
        this.runFolder = runFolder;
        this.script = script;
    }

    /**
     * Brings it up.
     *
     * @param kind arguments of the harness's {@code up}
     * @throws IOException when it does not come up; the message says what the harness said
     */
    static ServerSide up(String... kind) throws IOException {
        Path harness = Path.of(System.getProperty("e2e.harness"));
        Path runFolder = Files.createTempDirectory("e2e-run");
        HarnessScript script = new HarnessScript(harness.resolve("linux-client.sh"), runFolder);
        ServerSide server = new ServerSide(harness, runFolder, script);
        try {
            String[] verb = Stream.concat(Stream.of("up"), Stream.of(kind)).toArray(String[]::new);
            script.runOrThrow(verb);
        } catch (IOException e) {
            server.close();
            throw e;
        }
        return server;
    }

    /** The same for a test that is skipped where it cannot run. */
    static ServerSide upOrSkip(String... kind) {
        try {
            return up(kind);
        } catch (IOException e) {
            throw Requirement.isMissing("no server side: " + e.getMessage());
        }
    }

    /** Where the scripts and tools of the test bed lie. */
    Path harness() {
        return harness;
    }

    HarnessScript script() {
        return script;
    }

    /** The folder of this run, the same path inside and outside of the namespaces. */
    Path runFolder() {
        return runFolder;
    }

    /** A process that lives as long as the namespaces and is in them. */
    long holder() throws IOException {
        return Long.parseLong(Files.readString(runFolder.resolve("holder.pid")).strip());
    }

    /** Starts a capture of everything that passes the server's bridge. */
    Capture capture(String name) throws IOException {
        return Capture.start(script, runFolder.resolve(name + ".pcap"));
    }

    @Override
    public void close() throws IOException {
        try {
            script.run("down");
            keepLogs();
        } finally {
            removeRunFolder();
        }
    }

    private void removeRunFolder() throws IOException {
        try (Stream<Path> all = Files.walk(runFolder)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private void keepLogs() throws IOException {
        Path logs = Path.of(System.getProperty("e2e.logs"));
        Files.createDirectories(logs);
        try (Stream<Path> files = Files.list(runFolder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(
                        file,
                        logs.resolve(file.getFileName().toString()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
