package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oncrpckit.e2e.RawCalls.NLM;
import static org.oncrpckit.e2e.RawCalls.join;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.oncrpckit.nlm.admin.AdminClient;

/**
 * Datagrams that come once more, long after their time: a LOCK after its UNLOCK, an UNLOCK after
 * the next LOCK. The running daemon answers them as it did and changes nothing.
 */
class DelayedDuplicatesTest {
    private static final int STEPS = 400;
    private static final int RANGES = 5;
    private static final int RANGE_BYTES = 10;
    private static final long FILE = 42;
    private static final int PATIENCE_MILLIS = 1_000;
    private static final int ATTEMPTS = 20;

    private static final int NULL = 0;
    private static final int LOCK = 2;
    private static final int UNLOCK = 4;

    private int xid = 0x5000_0000;

    @Test
    void oldCallsThatComeAgainChangeNothing(@TempDir Path folder) throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("DelayedDuplicatesTest seed " + seed);
        Random random = new Random(seed);
        try (LocalDaemon daemon = LocalDaemon.start(folder.resolve("state"));
                AdminClient admin = AdminClient.connect(daemon.controlSocket());
                ReorderingProxy proxy = new ReorderingProxy(udpOf(daemon), new Random(seed + 1));
                DatagramSocket client = new DatagramSocket()) {
            client.connect(proxy.address());
            client.setSoTimeout(PATIENCE_MILLIS);
            Set<String> held = new TreeSet<>();
            for (int step = 0; step < STEPS; step++) {
                long offset = (long) random.nextInt(RANGES) * 2 * RANGE_BYTES;
                String range = "EXCLUSIVE " + offset + "-" + (offset + RANGE_BYTES - 1);
                if (random.nextBoolean()) {
                    call(client, LOCK, RawCalls.lockArguments(FILE, offset, RANGE_BYTES, false));
                    held.add(range);
                } else {
                    call(client, UNLOCK, RawCalls.unlockArguments(FILE, offset, RANGE_BYTES));
                    held.remove(range);
                }
                // What was sent before this NULL has been handled when it is answered: the daemon
                // reads a socket in order.
                call(client, NULL, new byte[0]);
                assertThat(admin.held())
                        .as("after step %d", step)
                        .extracting(lock -> lock.mode() + " " + lock.range())
                        .containsExactlyInAnyOrderElementsOf(held);
            }
            assertThat(proxy.copies()).isGreaterThan(STEPS);
        }
    }

    private static InetSocketAddress udpOf(LocalDaemon daemon) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.nlmPort());
    }

    /** Sends a new call until its own reply has come; that must be a success. */
    private void call(DatagramSocket client, int procedure, byte[] arguments) throws IOException {
        int own = xid++;
        byte[] call = join(RawCalls.call(own, 2, NLM, 4, procedure), arguments);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            client.send(new DatagramPacket(call, call.length));
            try {
                ByteBuffer reply = receive(client);
                while (reply.getInt(0) != own) {
                    reply = receive(client);
                }
                assertThat(reply.getInt(20)).as("accept status").isZero();
                if (procedure != NULL) {
                    assertThat(reply.getInt(32)).as("NLM status").isZero();
                }
                return;
            } catch (SocketTimeoutException e) {
                // Lost on a busy machine: send it again.
            }
        }
        throw new AssertionError("no reply to procedure " + procedure);
    }

    private static ByteBuffer receive(DatagramSocket client) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
        client.receive(packet);
        return ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
    }
}
