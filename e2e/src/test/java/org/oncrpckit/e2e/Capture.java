package org.oncrpckit.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;

/** A capture of the traffic between the server and the guests, decoded by Wireshark's dissector. */
final class Capture {
    private final HarnessScript script;
    private final Path file;

    private Capture(HarnessScript script, Path file) {
        this.script = script;
        this.file = file;
    }

    static Capture start(HarnessScript script, Path file) throws IOException {
        script.runOrThrow("pcap", file.toString());
        return new Capture(script, file);
    }

    /**
     * One NLM call or reply.
     *
     * @param time seconds since the epoch
     * @param from source address
     * @param to destination address
     * @param udpPort source port over UDP; empty over TCP
     * @param call true for a call, false for a reply
     * @param procedure NLM v4 procedure number
     */
    record NlmMessage(
            double time,
            String from,
            String to,
            OptionalInt udpPort,
            boolean call,
            int procedure) {}

    /** NLM v4 procedure numbers as they appear on the wire. */
    static final int LOCK = 2;

    static final int CANCEL = 3;
    static final int UNLOCK = 4;
    static final int GRANTED_MSG = 10;
    static final int GRANTED_RES = 15;

    /** Waits until the capture shows what has to be seen, and ends it; its NLM messages. */
    List<NlmMessage> stopWhen(Predicate<List<NlmMessage>> seen) throws IOException {
        await("the capture shows the messages")
                .atMost(Duration.ofSeconds(20))
                .until(this::messages, seen);
        script.runOrThrow("pcap", "stop");
        return messages();
    }

    private List<NlmMessage> messages() throws IOException {
        List<NlmMessage> messages = new ArrayList<>();
        String fields =
                tshark(
                        "nlm",
                        "-e",
                        "frame.time_epoch",
                        "-e",
                        "ip.src",
                        "-e",
                        "ip.dst",
                        "-e",
                        "ipv6.src",
                        "-e",
                        "ipv6.dst",
                        "-e",
                        "udp.srcport",
                        "-e",
                        "rpc.msgtyp",
                        "-e",
                        "nlm.procedure_v4");
        for (String line : fields.lines().toList()) {
            String[] field = line.split("\t", -1);
            if (field.length == 8 && !field[6].isEmpty() && !field[7].isEmpty()) {
                // Several messages in one segment come as comma-separated values.
                String[] types = field[6].split(",", -1);
                String[] procedures = field[7].split(",", -1);
                for (int i = 0; i < Math.min(types.length, procedures.length); i++) {
                    messages.add(
                            new NlmMessage(
                                    Double.parseDouble(field[0]),
                                    field[1].isEmpty() ? field[3] : field[1],
                                    field[2].isEmpty() ? field[4] : field[2],
                                    field[5].isEmpty()
                                            ? OptionalInt.empty()
                                            : OptionalInt.of(Integer.parseInt(field[5])),
                                    Integer.decode(types[i]) == 0,
                                    Integer.decode(procedures[i])));
                }
            }
        }
        return messages;
    }

    /** Frames of our protocols that the dissector calls malformed; after {@link #stopWhen}. */
    List<String> malformed() throws IOException {
        return tshark("_ws.malformed && (rpc || nlm || stat || portmap)", "-e", "frame.number")
                .lines()
                .toList();
    }

    private String tshark(String filter, String... fields) throws IOException {
        List<String> line =
                new ArrayList<>(
                        List.of(
                                "tshark",
                                "-n",
                                "-r",
                                file.toString(),
                                "-Y",
                                filter,
                                "-T",
                                "fields"));
        line.addAll(List.of(fields));
        Path errors = file.resolveSibling(file.getFileName() + ".err");
        Process process = new ProcessBuilder(line).redirectError(errors.toFile()).start();
        String output =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        // Status 2: the capture goes on and its last packet is not whole yet.
        int status = process.onExit().join().exitValue();
        if (status != 0 && status != 2) {
            throw new IOException("tshark: " + Files.readString(errors).strip());
        }
        return output;
    }
}
