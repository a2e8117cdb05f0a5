package org.oncrpckit.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What passes the loopback interface, as Wireshark's dissector reads it; needs root. */
public final class LoopbackCapture implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final Dissector dissector;

    private LoopbackCapture(Process process, Path file) {
        this.process = process;
        this.dissector = new Dissector(file);
    }

    /**
     * Starts a capture; where none is possible the test is skipped.
     *
     * @param file where the packets go
     * @param filter which packets, in words of tcpdump
     */
    public static LoopbackCapture start(Path file, String... filter) throws IOException {
        Path log = file.resolveSibling(file.getFileName() + ".log");
        List<String> line = new ArrayList<>(List.of("tcpdump", "-i", "lo", "-n", "-U"));
        line.addAll(List.of("--immediate-mode", "-Z", "root", "-s", "0", "-w", file.toString()));
        line.addAll(List.of(filter));
        Process process;
        try {
            process =
                    new ProcessBuilder(line)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
        } catch (IOException e) {
            throw unavailable(e.toString());
        }
        await("tcpdump listens")
                .atMost(PATIENCE)
                .until(() -> Files.readString(log).contains("listening on") || !process.isAlive());
        String said = Files.readString(log);
        if (!process.isAlive()) {
            throw unavailable(said.strip());
        }
        return new LoopbackCapture(process, file);
    }

    private static AssertionError unavailable(String why) {
        return Requirement.isMissing("the loopback interface cannot be captured: " + why);
    }

    /**
     * Fields of the packets so far.
     *
     * @param filter which packets, in words of tshark
     * @return a line each, with tabulators between the fields
     */
    public List<String> fields(String filter, String... fields) throws IOException {
        return dissector.fields(filter, fields);
    }

    /** Numbers of the frames so far that the dissector calls malformed. */
    public List<String> malformed() throws IOException {
        return fields("_ws.malformed", "frame.number");
    }

    /** Ends the capture; what it has can still be read. */
    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
