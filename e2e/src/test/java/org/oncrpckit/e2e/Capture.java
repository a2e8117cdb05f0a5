package org.oncrpckit.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * A capture of the traffic between the server and the guests, decoded by Wireshark's dissector. The
 * test bed has one at a time.
 */
final class Capture implements AutoCloseable {
    private final HarnessScript script;
    private final Dissector dissector;
    private boolean running = true;

    private Capture(HarnessScript script, Path file) {
        this.script = script;
        this.dissector = new Dissector(file);
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

    /** The calls that tell a waiting guest of its lock. */
    static List<NlmMessage> granted(List<NlmMessage> messages) {
        return messages.stream().filter(m -> m.call() && m.procedure() == GRANTED_MSG).toList();
    }

    /** Waits until the capture shows what has to be seen, and ends it; its NLM messages. */
    List<NlmMessage> stopWhen(Predicate<List<NlmMessage>> seen) throws IOException {
        await("the capture shows the messages")
                .atMost(Duration.ofSeconds(20))
                .until(this::messages, seen);
        close();
        return messages();
    }

    /** Ends it, so that the next test can have its own; what it has can still be read. */
    @Override
    public void close() throws IOException {
        if (running) {
            running = false;
            script.runOrThrow("pcap", "stop");
        }
    }

    private List<NlmMessage> messages() throws IOException {
        List<NlmMessage> messages = new ArrayList<>();
        for (String line :
                dissector.fields(
                        "nlm",
                        "frame.time_epoch",
                        "ip.src",
                        "ip.dst",
                        "ipv6.src",
                        "ipv6.dst",
                        "udp.srcport",
                        "rpc.msgtyp",
                        "nlm.procedure_v4")) {
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
        return dissector.fields("_ws.malformed && (rpc || nlm || stat || portmap)", "frame.number");
    }
}
