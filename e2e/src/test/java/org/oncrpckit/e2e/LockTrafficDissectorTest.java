package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.rpc.transport.Transport;

/**
 * Every procedure of the lock manager, as call and as reply, of every version and over UDP and TCP,
 * between a client host and a running {@code nlmd}: Wireshark's dissector reads each as what it is,
 * and none is malformed.
 */
class LockTrafficDissectorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int GRANTED_MSG = 10;
    private static final int TEST_RES = 11;
    private static final int GRANTED_RES = 15;
    private static final int SHARE = 20;
    private static final int FREE_ALL = 23;
    private static final int DENIED = 1;

    @Test
    void everyProcedureIsDecodedAndNoneIsMalformed(@TempDir Path folder) throws Exception {
        InetAddress here = LockingHost.address(77, 1);
        try (LocalDaemon daemon = LocalDaemon.start(folder.resolve("state"));
                SocketPlatform sockets = SocketPlatform.open();
                LockTraffic client = LockTraffic.on(sockets, here, daemon.nlmPort());
                LoopbackCapture capture =
                        LoopbackCapture.start(
                                folder.resolve("nlm.pcap"), "host", here.getHostAddress())) {
            Set<String> expected = new TreeSet<>();
            Set<String> holders = new TreeSet<>();
            for (Transport transport : List.of(Transport.UDP, Transport.TCP)) {
                for (NlmVersion version : NlmVersion.all()) {
                    client.everything(version, transport);
                    addAll(expected, version, transport);
                    for (String shape : List.of("1 reply", TEST_RES + " call")) {
                        holders.add(line(transport, version, shape, "server"));
                    }
                }
            }
            await("all of it is in the capture")
                    .atMost(PATIENCE)
                    .untilAsserted(
                            () ->
                                    assertThat(decoded(capture, "nlm"))
                                            .containsExactlyInAnyOrderElementsOf(expected));
            assertThat(decoded(capture, "nlm.holder && nlm.test_stat.stat == " + DENIED))
                    .as("answers that name who holds the lock")
                    .isEqualTo(holders);
            assertThat(capture.malformed()).isEmpty();
        }
    }

    /** What one round of {@link LockTraffic} has to put on the wire. */
    private static void addAll(Set<String> all, NlmVersion version, Transport transport) {
        for (int procedure = 0; procedure <= GRANTED_MSG; procedure++) {
            add(all, transport, version, procedure, "client", "server");
        }
        for (int procedure = TEST_RES; procedure <= GRANTED_RES; procedure++) {
            add(all, transport, version, procedure, "server", "client");
        }
        add(all, transport, version, GRANTED_MSG, "server", "client");
        add(all, transport, version, GRANTED_RES, "client", "server");
        for (int procedure = SHARE; version.hasShares() && procedure <= FREE_ALL; procedure++) {
            add(all, transport, version, procedure, "client", "server");
        }
    }

    private static void add(
            Set<String> all,
            Transport transport,
            NlmVersion version,
            int procedure,
            String caller,
            String called) {
        all.add(line(transport, version, procedure + " call", caller));
        all.add(line(transport, version, procedure + " reply", called));
    }

    private static String line(
            Transport transport, NlmVersion version, String message, String sender) {
        return "%s v%d %s from %s".formatted(transport, version.number(), message, sender);
    }

    /** The messages that the dissector takes for the lock manager's. */
    private static Set<String> decoded(LoopbackCapture capture, String filter) throws Exception {
        Set<String> decoded = new TreeSet<>();
        for (String line :
                capture.fields(
                        filter,
                        "ip.src",
                        "ip.proto",
                        "rpc.msgtyp",
                        "nlm.procedure_v1",
                        "nlm.procedure_v3",
                        "nlm.procedure_v4")) {
            String[] field = line.split("\t", -1);
            String sender = field[0].equals("127.0.0.1") ? "server" : "client";
            Transport transport = field[1].equals("17") ? Transport.UDP : Transport.TCP;
            for (NlmVersion version : NlmVersion.all()) {
                String procedures = field[version.number() == 1 ? 3 : version.number() + 1];
                // Several messages in one segment come as comma-separated values.
                String[] types = field[2].split(",", -1);
                String[] numbers = procedures.isEmpty() ? new String[0] : procedures.split(",");
                for (int i = 0; i < Math.min(types.length, numbers.length); i++) {
                    String type = Integer.decode(types[i]) == 0 ? " call" : " reply";
                    decoded.add(
                            line(transport, version, Integer.decode(numbers[i]) + type, sender));
                }
            }
        }
        return decoded;
    }
}
