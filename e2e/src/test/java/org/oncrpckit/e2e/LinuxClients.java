package org.oncrpckit.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The test bed: private namespaces with rpcbind, an NFSv3 server without lock manager, and up to
 * four guests with real Linux kernels that mount it. One for all scenarios of a run; a scenario
 * gets it as a parameter from {@link LinuxClientsExtension}.
 */
final class LinuxClients implements AutoCloseable {
    /** Address of the server side inside the namespaces. */
    static final String SERVER = "10.99.0.1";

    /** Its second address. */
    static final String SERVER_2 = "10.99.0.2";

    /** Its IPv6 address. */
    static final String SERVER_6 = "fd99::1";

    private final Path harness;
    private final Path runFolder;
    private final HarnessScript script;
    private final Map<Integer, Guest> guests = new HashMap<>();

    private LinuxClients(Path harness, Path runFolder, HarnessScript script) {
        this.harness = harness;
        this.runFolder = runFolder;
        this.script = script;
    }

    /**
     * Brings the test bed up.
     *
     * @throws IOException when it does not come up; the message says what the harness said
     */
    static LinuxClients up() throws IOException {
        Path harness = Path.of(System.getProperty("e2e.harness"));
        Path runFolder = Files.createTempDirectory("e2e-run");
        HarnessScript script = new HarnessScript(harness.resolve("linux-client.sh"), runFolder);
        LinuxClients clients = new LinuxClients(harness, runFolder, script);
        try {
            script.runOrThrow("up");
            // A guest proves the rest: User Mode Linux runs and the kernel can mount.
            clients.guest(1);
        } catch (IOException | RuntimeException e) {
            clients.close();
            throw e;
        }
        return clients;
    }

    /** The guest of this number (1 to 4), booted and mounted; booted again after a crash. */
    Guest guest(int number) throws IOException {
        boot(number);
        return Objects.requireNonNull(guests.get(number));
    }

    /** Boots several guests at once, those that do not run already. */
    void boot(int... numbers) throws IOException {
        for (int number : numbers) {
            Guest guest = guests.get(number);
            if (guest == null || !guest.isRunning()) {
                guests.put(number, Guest.start(script, harness, runFolder, number));
            }
        }
        for (int number : numbers) {
            Objects.requireNonNull(guests.get(number)).awaitReady();
        }
    }

    HarnessScript script() {
        return script;
    }

    /** The folder of this run, the same path inside and outside of the namespaces. */
    Path runFolder() {
        return runFolder;
    }

    /** The folder that the guests see as /srv. */
    Path share() {
        return runFolder.resolve("share");
    }

    /** A sign that jobs in guests can wait for; the name is used once in a run. */
    GoSign goSign(String name) {
        return new GoSign(share().resolve(name + ".go"), "/srv/" + name + ".go");
    }

    /** Starts a capture of everything between server and guests. */
    Capture capture(String name) throws IOException {
        return Capture.start(script, runFolder.resolve(name + ".pcap"));
    }

    @Override
    public void close() throws IOException {
        for (Guest guest : guests.values()) {
            guest.stop();
        }
        script.run("down");
        keepLogs();
        removeRunFolder();
    }

    /** What dies with the namespaces may still hold a file for a moment; that fails no test. */
    private void removeRunFolder() {
        try (Stream<Path> all = Files.walk(runFolder)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            System.out.println("e2e: " + runFolder + " could not be removed whole: " + e);
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
