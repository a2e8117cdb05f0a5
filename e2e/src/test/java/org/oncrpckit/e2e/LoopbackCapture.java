package org.oncrpckit.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What passes the loopback interface, as Wireshark's dissector reads it; needs root. */
public final class LoopbackCapture implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final Path file;

    private LoopbackCapture(Process process, Path file) {
        this.process = process;
        this.file = file;
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
        List<String> line = new ArrayList<>(List.of("tshark", "-n", "-r", file.toString()));
        line.addAll(List.of("-o", "rpc.dissect_unknown_programs:TRUE", "-Y", filter));
        line.addAll(List.of("-T", "fields"));
        Stream.of(fields).forEach(field -> line.addAll(List.of("-e", field)));
        Process tshark =
                new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String output =
                new String(tshark.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        tshark.onExit().join();
        return output.lines().toList();
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
