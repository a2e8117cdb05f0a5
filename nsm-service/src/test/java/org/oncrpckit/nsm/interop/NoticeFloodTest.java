package org.oncrpckit.nsm.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.nsm.protocol.MonId;
import org.oncrpckit.nsm.protocol.MonRequest;
import org.oncrpckit.nsm.protocol.MyId;
import org.oncrpckit.nsm.protocol.NsmProcedures;
import org.oncrpckit.nsm.protocol.StatResult;
import org.oncrpckit.nsm.protocol.StateChange;
import org.oncrpckit.rpc.CallHeader;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrWriter;

/**
 * Notices over real UDP, ten thousand a second from many addresses of 127.0.0.0/8, at a monitor
 * with a small heap. {@code -Dnsm.flood=600000} for a minute of it.
 */
@EnabledOnOs(OS.LINUX)
class NoticeFloodTest {
    private static final int NOTICES = Integer.getInteger("nsm.flood", 30_000);
    private static final int PER_SECOND = 10_000;
    private static final int SENDERS = 500;
    private static final int HONEST = 50;
    private static final CallOptions OPTIONS =
            CallOptions.DEFAULT.withTimeLimit(Duration.ofSeconds(20));

    @TempDir Path folder;

    @Test
    void bug39_floodFreesNothingOfHonestHostsAndTheServiceAnswers() throws Exception {
        Told nsmd = start();
        try (SocketPlatform sockets = SocketPlatform.open();
                RpcClient client = RpcClient.builder(sockets.platform()).build()) {
            String ready = nsmd.line("nsmd ready", 1);
            int port = Integer.parseInt(ready.replaceFirst(".* nsm=(\\d+) .*", "$1"));
            InetSocketAddress monitor = new InetSocketAddress(literal("127.0.0.1"), port);
            RpcTarget target = RpcTarget.udp(monitor);
            for (int i = 0; i < HONEST; i++) {
                MonRequest request = new MonRequest(id("127.8.0." + (1 + i)), priv());
                assertThat(client.call(target, NsmProcedures.MON, request, OPTIONS).get().agreed())
                        .isTrue();
            }
            flood(monitor);
            StatResult result =
                    client.call(target, NsmProcedures.STAT, HostName.of("127.8.0.1"), OPTIONS)
                            .get(20, TimeUnit.SECONDS);
            assertThat(result.agreed()).isTrue();
            assertThat(nsmd.lines()).noneMatch(line -> line.contains("has restarted"));
            assertThat(nsmd.lines().size()).as("lines of log").isLessThan(100);
            assertThat(nsmd.terminate()).isZero();
        } finally {
            nsmd.kill();
        }
    }

    private Told start() throws Exception {
        return new Told(
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx32m",
                                "-XX:+ExitOnOutOfMemoryError",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "org.oncrpckit.nsm.daemon.Nsmd",
                                "--listen",
                                "127.0.0.1",
                                "--rpcbind",
                                "none",
                                "--state-dir",
                                folder.resolve("state").toString())
                        .redirectErrorStream(true)
                        .start());
    }

    /** In turn from every sender, each time with another state number and an honest host's name. */
    private static void flood(InetSocketAddress monitor) throws Exception {
        List<DatagramChannel> senders = new ArrayList<>();
        try {
            for (int i = 0; i < SENDERS; i++) {
                InetAddress address = literal("127.9." + i / 250 + "." + (1 + i % 250));
                senders.add(DatagramChannel.open().bind(new InetSocketAddress(address, 0)));
            }
            long began = System.nanoTime();
            for (int i = 0; i < NOTICES; i++) {
                ByteBuffer notice = notice(i);
                senders.get(i % SENDERS).send(notice, monitor);
                long due = began + TimeUnit.SECONDS.toNanos(1) * i / PER_SECOND;
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
            }
            System.out.printf(
                    "%d notices in %d ms%n", NOTICES, (System.nanoTime() - began) / 1_000_000);
        } finally {
            for (DatagramChannel each : senders) {
                each.close();
            }
        }
    }

    private static ByteBuffer notice(int n) {
        XdrWriter writer = new XdrWriter();
        new CallHeader(n, NsmProcedures.V1, NsmProcedures.NOTIFY.number()).encode(writer);
        NsmProcedures.NOTIFY
                .arguments()
                .encode(
                        writer,
                        new StateChange(HostName.of("127.8.0." + (1 + n % HONEST)), 2 * n + 1));
        return writer.toByteBuffer();
    }

    private static InetAddress literal(String text) {
        return HostName.of(text).address().orElseThrow();
    }

    private static MonId id(String host) {
        return new MonId(HostName.of(host), new MyId(HostName.of("here"), 100021, 4, 16));
    }

    private static Opaque priv() {
        return Opaque.copyOf(new byte[16]);
    }
}
