package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Whatever anybody sends, and how often, the daemon's log stays short and its lines its own. */
@EnabledOnOs(OS.LINUX)
class LogFloodTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());

    /** Messages of each kind. */
    private static final int TIMES = 500;

    /** Kinds of lines above DEBUG that the flood can cause at all, each once a minute. */
    private static final int LINES_MAX = 8;

    private static final String HOSTILE_NAME = "x\n2026-01-01 ERROR forged line\r\n\u001b[31mred";
    private static final int SM_MON = 2;
    private static final int SM_NOTIFY = 6;
    private static final int NLM_LOCK = 2;
    private static final int CONNECTIONS = 300;

    private final SplittableRandom random = new SplittableRandom(SEED);

    @Test
    void floodOfEverythingLeavesAShortLog(@TempDir Path folder) throws Exception {
        System.out.println("seed " + SEED + " (set with -Dseed=)");
        try (LocalDaemon daemon =
                LocalDaemon.start(folder.resolve("state"), "--grace", "0", "--max-locks", "3")) {
            int before = lines(daemon).size();
            List<byte[]> kinds = new ArrayList<>();
            for (int program : new int[] {RawCalls.NLM, RawCalls.NSM}) {
                kinds.add(RawCalls.call(1, 3, program, 1, 0));
                kinds.add(RawCalls.call(1, 2, 100_099, 1, 0));
                kinds.add(RawCalls.call(1, 2, program, 99, 0));
                kinds.add(RawCalls.call(1, 2, program, 1, 99));
                kinds.add(RawCalls.call(1, 2, program, 1, 2));
                kinds.add(withCredential(RawCalls.call(1, 2, program, 1, 0), 1, -1));
                kinds.add(withCredential(RawCalls.call(1, 2, program, 1, 0), 1, 0));
                kinds.add(withCredential(RawCalls.call(1, 2, program, 1, 0), 6, 0));
            }
            kinds.add(RawCalls.join(RawCalls.call(1, 2, RawCalls.NSM, 1, SM_MON), monitor()));
            for (int port : new int[] {daemon.nlmPort(), daemon.nsmPort()}) {
                flood(port, kinds);
                connect(port);
            }
            notices(daemon);

            assertThat(daemon.isAlive()).isTrue();
            List<String> said = lines(daemon).subList(before, lines(daemon).size());
            assertThat(said).as("lines of the log").hasSizeLessThanOrEqualTo(LINES_MAX);
            assertThat(said).noneMatch(line -> line.contains("\u001b"));
            assertThat(said).noneMatch(line -> line.startsWith("2026-01-01 ERROR forged"));
        }
    }

    /** Each kind many times, random bytes between them, and a question at the end of each round. */
    private void flood(int port, List<byte[]> kinds) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(LockingHost.address(0, 1), port));
            socket.setSoTimeout(30_000);
            for (int i = 0; i < TIMES; i++) {
                for (byte[] each : kinds) {
                    ByteBuffer.wrap(each).putInt(0, random.nextInt());
                    socket.send(new DatagramPacket(each, each.length));
                }
                byte[] junk = new byte[random.nextInt(100)];
                random.nextBytes(junk);
                socket.send(new DatagramPacket(junk, junk.length));
                if (i % 50 == 0) {
                    ask(socket, i);
                }
            }
            ask(socket, -1);
        }
    }

    /** Repeats a question until its own answer comes, as a flood may drown it. */
    private static void ask(DatagramSocket socket, int number) throws IOException {
        int xid = 0x7fff_0000 | (number & 0xffff);
        byte[] call = RawCalls.call(xid, 2, RawCalls.NSM, 99, 0);
        DatagramPacket reply = new DatagramPacket(new byte[2048], 2048);
        do {
            socket.send(new DatagramPacket(call, call.length));
            socket.receive(reply);
        } while (ByteBuffer.wrap(reply.getData()).getInt() != xid);
    }

    /** More connections than a host may have; each announces a record that is too long. */
    private static void connect(int port) throws IOException {
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                Socket socket = new Socket(LockingHost.address(0, 1), port);
                open.add(socket);
                if (i % 2 == 0) {
                    try {
                        socket.getOutputStream().write(new byte[] {0x7f, -1, -1, -1});
                    } catch (IOException e) {
                        // It was one too many.
                    }
                }
            }
        } finally {
            for (Socket each : open) {
                each.close();
            }
        }
    }

    /** A host that has a lock says again and again that it has restarted, under a hostile name. */
    private static void notices(LocalDaemon daemon) throws Exception {
        try (LockingHost host = new LockingHost(9, 1, daemon.nlmPort());
                DatagramSocket socket =
                        new DatagramSocket(new InetSocketAddress(LockingHost.address(9, 1), 0))) {
            socket.connect(new InetSocketAddress(LockingHost.address(0, 1), daemon.nsmPort()));
            socket.setSoTimeout(30_000);
            assertThat(host.lock(1, 1)).isEqualTo(LockingHost.GRANTED);
            for (int i = 0; i < TIMES; i++) {
                byte[] state = ByteBuffer.allocate(4).putInt(2 * i + 1).array();
                byte[] notice =
                        RawCalls.join(
                                RawCalls.call(i, 2, RawCalls.NSM, 1, SM_NOTIFY),
                                RawCalls.join(text(HOSTILE_NAME), state));
                socket.send(new DatagramPacket(notice, notice.length));
                DatagramPacket reply = new DatagramPacket(new byte[64], 64);
                socket.receive(reply);
                if (i % 100 == 0) {
                    host.lock(1, 1);
                }
            }
        }
    }

    /** SM_MON of a hostile name, to be told at NLM's LOCK, which is no call-back. */
    private static byte[] monitor() {
        byte[] service =
                ByteBuffer.allocate(12 + 16)
                        .putInt(RawCalls.NLM)
                        .putInt(1)
                        .putInt(NLM_LOCK)
                        .array();
        return RawCalls.join(RawCalls.join(text(HOSTILE_NAME), text(HOSTILE_NAME)), service);
    }

    private static byte[] text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(4 + (bytes.length + 3) / 4 * 4)
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }

    /** The credential is the word pair at 24: flavour and length. */
    private static byte[] withCredential(byte[] call, int flavor, int length) {
        ByteBuffer.wrap(call).putInt(24, flavor).putInt(28, length);
        return call;
    }

    private static List<String> lines(LocalDaemon daemon) throws IOException {
        return daemon.log().lines().toList();
    }
}
