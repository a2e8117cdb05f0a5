package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oncrpckit.e2e.RawCalls.NLM;
import static org.oncrpckit.e2e.RawCalls.NSM;
import static org.oncrpckit.e2e.RawCalls.join;
import static org.oncrpckit.e2e.RawCalls.lockArguments;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Throws bytes at the running daemon, over UDP and TCP. Its heap is small, so that an allocation of
 * what a message merely announces would end it.
 */
class HostileBytesTest {
    private static final int REPLY_LIMIT_MILLIS = 10_000;

    @TempDir private static Path folder;
    private static LocalDaemon daemon;
    private static InetAddress loopback;
    private static int nextXid = 0x0bad_cafe;

    @BeforeAll
    static void start() throws IOException {
        loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        daemon = LocalDaemon.start(folder.resolve("state"));
    }

    @AfterAll
    static void stop() {
        daemon.close();
    }

    @AfterEach
    void stillServes() throws IOException {
        assertThat(daemon.isAlive()).isTrue();
        assertThat(acceptStatus(overUdp(daemon.nlmPort(), call(2, NLM, 4, 0)))).isZero();
        assertThat(acceptStatus(overTcp(daemon.nlmPort(), call(2, NLM, 4, 0)))).isZero();
        assertThat(acceptStatus(overUdp(daemon.nsmPort(), call(2, NSM, 1, 0)))).isZero();
    }

    @Test
    void randomBytesAreIgnored() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("HostileBytesTest seed " + seed);
        Random random = new Random(seed);
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; i < 5_000; i++) {
                byte[] bytes = new byte[random.nextInt(1, 1_400)];
                random.nextBytes(bytes);
                socket.send(new DatagramPacket(bytes, bytes.length, loopback, daemon.nlmPort()));
            }
        }
        for (int i = 0; i < 100; i++) {
            try (Socket socket = new Socket(loopback, daemon.nlmPort())) {
                byte[] bytes = new byte[random.nextInt(1, 5_000)];
                random.nextBytes(bytes);
                socket.getOutputStream().write(bytes);
            } catch (IOException e) {
                // The daemon may have closed the connection in the middle: its right.
            }
        }
    }

    @Test
    void randomArgumentsOfEveryProcedureAreGarbageOrAnswered() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("HostileBytesTest seed " + seed);
        Random random = new Random(seed);
        for (int procedure = 0; procedure < 24; procedure++) {
            for (int i = 0; i < 40; i++) {
                byte[] arguments = new byte[random.nextInt(0, 200) & ~3];
                random.nextBytes(arguments);
                byte[] call = join(call(2, NLM, 4, procedure), arguments);
                try (DatagramSocket socket = new DatagramSocket()) {
                    socket.send(new DatagramPacket(call, call.length, loopback, daemon.nlmPort()));
                }
            }
        }
    }

    @Test
    void everyTruncationOfALockIsGarbageOrDropped() throws IOException {
        byte[] lock = join(call(2, NLM, 4, 2), lockArguments(42, 0, 100, false));
        int header = call(2, NLM, 4, 2).length;
        for (int length = header; length < lock.length; length += 4) {
            byte[] truncated = Arrays.copyOf(lock, length);
            assertThat(acceptStatus(overTcp(daemon.nlmPort(), truncated)))
                    .as("LOCK cut to %d bytes", length)
                    .isEqualTo(4);
        }
        for (int length = 0; length < header; length++) {
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.send(new DatagramPacket(lock, length, loopback, daemon.nlmPort()));
            }
        }
    }

    @Test
    void giganticLengthsAreGarbage() throws IOException {
        for (int length : new int[] {1025, 0x7fff_ffff, 0x8000_0000, -1, -4}) {
            ByteBuffer cookie = ByteBuffer.allocate(8).putInt(length).putInt(0);
            byte[] call = join(call(2, NLM, 4, 2), cookie.array());
            assertThat(acceptStatus(overUdp(daemon.nlmPort(), call)))
                    .as("cookie of %d bytes", length)
                    .isEqualTo(4);
        }
    }

    @Test
    void giganticRecordEndsTheConnection() throws IOException {
        try (Socket socket = new Socket(loopback, daemon.nlmPort())) {
            socket.setSoTimeout(REPLY_LIMIT_MILLIS);
            socket.getOutputStream().write(new byte[] {(byte) 0xff, (byte) 0xff, -1, -1, 0, 0});
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void errorsAreTheRightOnes() throws IOException {
        int nlm = daemon.nlmPort();
        assertThat(acceptStatus(overUdp(nlm, call(2, 99, 1, 0)))).as("PROG_UNAVAIL").isEqualTo(1);
        ByteBuffer mismatch = overUdp(nlm, call(2, NLM, 5, 0));
        assertThat(acceptStatus(mismatch)).as("PROG_MISMATCH").isEqualTo(2);
        assertThat(mismatch.getInt(28)).as("highest version").isEqualTo(4);
        assertThat(acceptStatus(overUdp(nlm, call(2, NLM, 4, 99)))).as("PROC_UNAVAIL").isEqualTo(3);

        ByteBuffer denied = overUdp(nlm, call(3, NLM, 4, 0));
        assertThat(denied.getInt(8)).as("MSG_DENIED").isEqualTo(1);
        assertThat(denied.getInt(12)).as("RPC_MISMATCH").isEqualTo(0);
        assertThat(denied.getInt(16)).isEqualTo(2);
        assertThat(denied.getInt(20)).isEqualTo(2);

        byte[] unknownFlavor = call(2, NLM, 4, 0);
        ByteBuffer.wrap(unknownFlavor).putInt(24, 77);
        ByteBuffer refused = overUdp(nlm, unknownFlavor);
        assertThat(refused.getInt(8)).as("MSG_DENIED").isEqualTo(1);
        assertThat(refused.getInt(12)).as("AUTH_ERROR").isEqualTo(1);
    }

    private static byte[] call(int rpcVersion, int program, int version, int procedure) {
        return RawCalls.call(nextXid++, rpcVersion, program, version, procedure);
    }

    private static int xid(byte[] message) {
        return ByteBuffer.wrap(message).getInt();
    }

    private static int acceptStatus(ByteBuffer reply) {
        assertThat(reply.getInt(4)).as("REPLY").isEqualTo(1);
        assertThat(reply.getInt(8)).as("MSG_ACCEPTED").isEqualTo(0);
        return reply.getInt(20);
    }

    private static ByteBuffer overUdp(int port, byte[] call) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(1_000);
            DatagramPacket reply = new DatagramPacket(new byte[2_048], 2_048);
            for (int attempt = 0; attempt < REPLY_LIMIT_MILLIS / 1_000; attempt++) {
                socket.send(new DatagramPacket(call, call.length, loopback, port));
                try {
                    // An earlier test's socket may have had this port: its replies still arrive.
                    do {
                        socket.receive(reply);
                    } while (xid(reply.getData()) != xid(call));
                    return ByteBuffer.wrap(reply.getData(), 0, reply.getLength()).slice();
                } catch (SocketTimeoutException e) {
                    // Datagrams may be lost under the load of the other tests; send it again.
                }
            }
        }
        throw new AssertionError("no reply from port " + port);
    }

    private static ByteBuffer overTcp(int port, byte[] call) throws IOException {
        try (Socket socket = new Socket(loopback, port)) {
            socket.setSoTimeout(REPLY_LIMIT_MILLIS);
            ByteBuffer record =
                    ByteBuffer.allocate(4 + call.length)
                            .putInt(0x8000_0000 | call.length)
                            .put(call);
            socket.getOutputStream().write(record.array());
            DataInputStream input = new DataInputStream(socket.getInputStream());
            byte[] reply = new byte[input.readInt() & 0x7fff_ffff];
            input.readFully(reply);
            return ByteBuffer.wrap(reply);
        }
    }
}
