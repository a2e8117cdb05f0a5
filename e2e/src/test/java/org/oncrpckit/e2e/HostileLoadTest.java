package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of connections that are idle, slow, endless or deaf, at a daemon with a heap that could
 * not hold a share of what they would like it to keep: it lives, and honest clients are served.
 */
class HostileLoadTest {
    private static final String HEAP = "-Xmx128m";
    private static final int IDLE_WANTED = 10_000;
    private static final int PER_HOST = 200;
    private static final int DESCRIPTORS_SPARED = 2_000;
    private static final int HONEST_CALLS = 1_000;
    private static final int OF_EACH_KIND = 50;
    private static final int REPLY_LIMIT_MILLIS = 20_000;
    private static final int FRAGMENT = 16 * 1024;

    /** What a deaf peer's own kernel keeps for it: the less, the sooner the server has to. */
    private static final int RECEIVE_BUFFER = 4 * 1024;

    /** Between two bytes of a slow peer: an attack that costs the attacker nothing. */
    private static final long PACE_NANOS = 10_000_000;

    private final List<SocketChannel> connections = new ArrayList<>();

    @Test
    void honestClientsAreServedBesideHostileOnes(@TempDir Path folder) throws Exception {
        try (LocalDaemon daemon = LocalDaemon.startWithHeap(HEAP, folder.resolve("state"))) {
            int port = daemon.nlmPort();
            try (Honest honest = new Honest(port)) {
                honest.latencies(HONEST_CALLS);
                long quiet = honest.latencies(HONEST_CALLS);

                int idle = openIdle(port);
                List<SocketChannel> slow = open(port, 210, OF_EACH_KIND);
                List<SocketChannel> endless = open(port, 211, OF_EACH_KIND);
                List<SocketChannel> deaf = open(port, 212, OF_EACH_KIND);
                for (SocketChannel half : open(port, 213, OF_EACH_KIND)) {
                    half.write(ByteBuffer.wrap(new byte[] {(byte) 0x80, 0}));
                    half.shutdownOutput();
                }
                Attack attack = new Attack(slow, endless, deaf);
                long loaded;
                try {
                    attack.start();
                    await("the deaf ones have filled their connections")
                            .atMost(Duration.ofMinutes(2))
                            .until(attack::isSaturated);
                    loaded = honest.latencies(HONEST_CALLS);
                } finally {
                    attack.end();
                }
                System.out.printf(
                        "%,d idle connections: p99 of honest calls %d us, quiet %d us%n",
                        idle, loaded / 1_000, quiet / 1_000);
                assertThat(daemon.isAlive()).isTrue();
                try (Honest newcomer = new Honest(port)) {
                    newcomer.latencies(10);
                }
            }
        } finally {
            for (SocketChannel connection : connections) {
                connection.close();
            }
        }
    }

    /** As many as this process may have; how many that are. */
    private int openIdle(int port) throws IOException {
        UnixOperatingSystemMXBean system =
                (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long allowed = system.getMaxFileDescriptorCount() - DESCRIPTORS_SPARED;
        int count = (int) Math.min(IDLE_WANTED, allowed);
        for (int opened = 0; opened < count; opened += PER_HOST) {
            open(port, 1 + opened / PER_HOST, Math.min(PER_HOST, count - opened));
        }
        return count;
    }

    /** Connections from 127.0.1.HOST. */
    private List<SocketChannel> open(int port, int host, int count) throws IOException {
        List<SocketChannel> opened = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open();
            channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
            channel.bind(new InetSocketAddress(LockingHost.address(1, host), 0));
            channel.connect(new InetSocketAddress(LockingHost.address(0, 1), port));
            opened.add(channel);
        }
        connections.addAll(opened);
        return opened;
    }

    private static byte[] nullCall(int xid) {
        return RawCalls.call(xid, 2, RawCalls.NLM, 4, 0);
    }

    /** Keeps writing what never ends, and never reads. */
    private static final class Attack {
        private final List<SocketChannel> slow;
        private final List<SocketChannel> endless;
        private final List<SocketChannel> deaf;
        private final Thread thread = new Thread(this::run, "attack");
        private volatile boolean ended;
        private volatile boolean saturated;

        Attack(List<SocketChannel> slow, List<SocketChannel> endless, List<SocketChannel> deaf) {
            this.slow = slow;
            this.endless = endless;
            this.deaf = deaf;
        }

        void start() throws IOException {
            for (List<SocketChannel> kind : List.of(slow, endless, deaf)) {
                for (SocketChannel channel : kind) {
                    channel.configureBlocking(false);
                }
            }
            thread.start();
        }

        boolean isSaturated() {
            return saturated;
        }

        void end() throws InterruptedException {
            ended = true;
            thread.join();
        }

        private void run() {
            byte[] record = ByteBuffer.allocate(44).putInt(0x8000_0028).put(nullCall(7)).array();
            ByteBuffer calls = ByteBuffer.allocate(64 * record.length);
            for (int i = 0; i < 64; i++) {
                calls.put(record);
            }
            // Not the last fragment, over and over.
            ByteBuffer fragment = ByteBuffer.allocate(4 + FRAGMENT).putInt(0, FRAGMENT);
            for (int round = 0; !ended; round++) {
                byte[] oneByte = {record[Math.min(round, record.length - 2)]};
                slow.removeIf(channel -> !write(channel, ByteBuffer.wrap(oneByte)));
                endless.removeIf(channel -> !write(channel, fragment.duplicate().clear()));
                long before = deaf.size();
                deaf.removeIf(channel -> !writeWhole(channel, calls.duplicate().clear()));
                saturated = saturated || deaf.size() < before || deaf.isEmpty();
                LockSupport.parkNanos(PACE_NANOS);
            }
        }

        /** Whether the connection still takes bytes, or may later. */
        private static boolean write(SocketChannel channel, ByteBuffer bytes) {
            try {
                channel.write(bytes);
                return true;
            } catch (IOException e) {
                return false;
            }
        }

        /** Whether it took all of them: a peer that stops reading has had enough. */
        private static boolean writeWhole(SocketChannel channel, ByteBuffer bytes) {
            return write(channel, bytes) && !bytes.hasRemaining();
        }
    }

    /** A client that waits for each answer, over UDP and TCP in turn. */
    private static final class Honest implements AutoCloseable {
        private final DatagramSocket udp = new DatagramSocket();
        private final Socket tcp;
        private final DataInputStream input;
        private int xid = 1;

        Honest(int port) throws IOException {
            udp.connect(LockingHost.address(0, 1), port);
            udp.setSoTimeout(REPLY_LIMIT_MILLIS);
            tcp = new Socket(LockingHost.address(0, 1), port);
            tcp.setTcpNoDelay(true);
            tcp.setSoTimeout(REPLY_LIMIT_MILLIS);
            input = new DataInputStream(tcp.getInputStream());
        }

        /** Makes so many calls, each answered in time; the time that 99 % took at most, in ns. */
        long latencies(int calls) throws IOException {
            long[] nanos = new long[calls];
            for (int i = 0; i < calls; i++) {
                long start = System.nanoTime();
                if (i % 2 == 0) {
                    overUdp();
                } else {
                    overTcp();
                }
                nanos[i] = System.nanoTime() - start;
            }
            Arrays.sort(nanos);
            return nanos[calls * 99 / 100];
        }

        private void overUdp() throws IOException {
            byte[] call = nullCall(++xid);
            udp.send(new DatagramPacket(call, call.length));
            DatagramPacket reply = new DatagramPacket(new byte[512], 512);
            udp.receive(reply);
            assertThat(ByteBuffer.wrap(reply.getData()).getInt()).isEqualTo(xid);
        }

        private void overTcp() throws IOException {
            byte[] call = nullCall(++xid);
            tcp.getOutputStream()
                    .write(ByteBuffer.allocate(44).putInt(0x8000_0028).put(call).array());
            byte[] reply = new byte[input.readInt() & 0x7fff_ffff];
            input.readFully(reply);
            assertThat(ByteBuffer.wrap(reply).getInt()).isEqualTo(xid);
        }

        @Override
        public void close() throws IOException {
            udp.close();
            tcp.close();
        }
    }
}
