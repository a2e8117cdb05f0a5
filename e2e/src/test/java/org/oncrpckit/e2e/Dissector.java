package org.oncrpckit.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Wireshark's dissector over the packets of one file, which may still be growing. */
final class Dissector {
    /** What tshark ends with when the last packet of the file is not whole yet. */
    private static final int CUT_SHORT = 2;

    /**
     * RPC has no port of its own, and kernels call from any privileged one. Left to itself tshark
     * takes a call from port 873 for rsync; told to look at the content first it takes a xid such
     * as 0x81c80006 for the beginning of RTCP. Whatever is no RPC stays plain data this way.
     */
    private static final List<String> OPTIONS =
            List.of(
                    "-d",
                    "tcp.port==1-65535,rpc",
                    "-d",
                    "udp.port==1-65535,rpc",
                    "-o",
                    "rpc.dissect_unknown_programs:TRUE");

    private final Path file;

    Dissector(Path file) {
        this.file = file;
    }

    /**
     * Fields of the packets so far.
     *
     * @param filter which packets, in words of tshark
     * @return a line each, with tabulators between the fields
     * @throws IOException when the file cannot be read or the filter is wrong; says what tshark
     *     said
     */
    List<String> fields(String filter, String... fields) throws IOException {
        List<String> line = new ArrayList<>(List.of("tshark", "-n", "-r", file.toString()));
        line.addAll(OPTIONS);
        line.addAll(List.of("-Y", filter, "-T", "fields"));
        for (String field : fields) {
            line.addAll(List.of("-e", field));
        }
        Path errors = file.resolveSibling(file.getFileName() + ".err");
        Process process = new ProcessBuilder(line).redirectError(errors.toFile()).start();
        String output =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        int status = process.onExit().join().exitValue();
        if (status != 0 && status != CUT_SHORT) {
            throw new IOException("tshark: " + Files.readString(errors).strip());
        }
        return output.lines().toList();
    }
}
