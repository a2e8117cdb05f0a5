package org.oncrpckit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Forged notices of restarts, ten thousand a second from many addresses, at a lock manager with a
 * small heap: the locks of the hosts that they name stay. {@code -Dnsm.flood=600000} for a minute.
 */
@EnabledOnOs(OS.LINUX)
class NoticeFloodOnLocksTest {
    private static final int NOTICES = Integer.getInteger("nsm.flood", 30_000);
    private static final int PER_SECOND = 10_000;
    private static final int SENDERS = 500;
    private static final int HONEST = 50;
    private static final int SM_NOTIFY = 6;
    private static final long FILE = 1;

    @Test
    void bug39_floodFreesNoLocksAndTheServiceAnswers(@TempDir Path folder) throws Exception {
        try (LocalDaemon daemon =
                LocalDaemon.startWithHeap(
                        "-Xmx48m -XX:+ExitOnOutOfMemoryError",
                        folder.resolve("state"),
                        "--grace",
                        "0")) {
            for (int host = 1; host <= HONEST; host++) {
                try (LockingHost one = new LockingHost(8, host, daemon.nlmPort())) {
                    assertThat(one.lock(FILE, host)).isEqualTo(LockingHost.GRANTED);
                }
            }
            flood(daemon.nsmPort());
            assertThat(daemon.isAlive()).isTrue();
            try (LockingHost other = new LockingHost(8, 200, daemon.nlmPort())) {
                for (int host = 1; host <= HONEST; host++) {
                    assertThat(other.lock(FILE, host))
                            .as("the lock of 127.0.8.%d", host)
                            .isEqualTo(LockingHost.DENIED);
                }
                assertThat(other.lock(FILE, HONEST + 1)).isEqualTo(LockingHost.GRANTED);
            }
            assertThat(daemon.terminate()).isZero();
        }
    }

    /** In turn from every sender, each time with another state number and an honest host's name. */
    private static void flood(int port) throws Exception {
        InetSocketAddress monitor = new InetSocketAddress(LockingHost.address(0, 1), port);
        List<DatagramChannel> senders = new ArrayList<>();
        try {
            for (int i = 0; i < SENDERS; i++) {
                senders.add(
                        DatagramChannel.open()
                                .bind(
                                        new InetSocketAddress(
                                                LockingHost.address(20 + i / 250, 1 + i % 250),
                                                0)));
            }
            long began = System.nanoTime();
            for (int i = 0; i < NOTICES; i++) {
                String name = i % 2 == 0 ? "host" : "127.0.8." + (1 + i % HONEST);
                senders.get(i % SENDERS).send(notice(i, name, 2 * i + 1), monitor);
                long due = began + TimeUnit.SECONDS.toNanos(1) * i / PER_SECOND;
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
            }
            long nanos = System.nanoTime() - began;
            System.out.printf(
                    "%,d notices, %,d a second%n",
                    NOTICES, NOTICES * TimeUnit.SECONDS.toNanos(1) / nanos);
        } finally {
            for (DatagramChannel each : senders) {
                each.close();
            }
        }
    }

    /** SM_NOTIFY: name, state (XNFS chapter 11). */
    private static ByteBuffer notice(int xid, String name, int state) {
        byte[] text = name.getBytes(StandardCharsets.US_ASCII);
        int padded = (text.length + 3) / 4 * 4;
        ByteBuffer arguments = ByteBuffer.allocate(8 + padded);
        arguments.putInt(text.length).put(text).position(4 + padded);
        arguments.putInt(state);
        byte[] call = RawCalls.call(xid, 2, RawCalls.NSM, 1, SM_NOTIFY);
        return ByteBuffer.wrap(RawCalls.join(call, arguments.array()));
    }
}
