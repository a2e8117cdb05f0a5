package org.oncrpckit.e2e.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.oncrpckit.nsm.FileNsmStore;
import org.oncrpckit.nsm.HostMonitor;
import org.oncrpckit.nsm.MonitoredHost;
import org.oncrpckit.nsm.NsmService;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.socket.SocketPlatform;

/**
 * Many hosts of 127.1.0.0/16 to tell of a restart, over real UDP and with the store on a real disk;
 * every tenth is dead, and one in a hundred answers late. {@code -Dnsm.hosts=10000} for the full
 * size.
 */
class ManyRealHostsTest {
    private static final int HOSTS = Integer.getInteger("nsm.hosts", 1000);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration SETTLED_WITHIN = Duration.ofMinutes(2);
    private static final HostName SERVER_NAME = HostName.of("server.example.org");

    @Test
    void everyHostThatAnswersHasHeardWithinAMinuteAndNoneTwice(@TempDir Path folder)
            throws Exception {
        Path state = folder.resolve("state");
        NativeProgram program = NativeProgram.compile(folder, "reboot_listeners");
        int dead = (HOSTS + 9) / 10;
        try (NativeProgram.Running hosts = program.start();
                SocketPlatform sockets = SocketPlatform.open();
                RpcClient client = RpcClient.builder(sockets.platform()).build()) {
            int port = NativeProgram.number(hosts.line(), "port");
            RpcbindClient rpcbind = new RpcbindClient(client).atPort(port);
            try (NsmService before = open(sockets, client, rpcbind, state)) {
                monitorAll(before.monitorFor("locks", notice -> {}));
                // Each in a file of its own, as on a host that has run for a while.
                await().atMost(SETTLED_WITHIN)
                        .until(() -> Files.size(state.resolve("journal")) == 0);
            }

            long began = System.nanoTime();
            try (NsmService after = open(sockets, client, rpcbind, state)) {
                after.notifyFormerHosts();
                await().atMost(LIMIT).until(() -> after.notifyProgress().pending() <= dead);
                Duration took = Duration.ofNanos(System.nanoTime() - began);
                System.out.printf(
                        "%,d hosts, %,d dead: start to last notice %,d ms%n",
                        HOSTS, dead, took.toMillis());
                assertThat(after.notifyProgress().notified()).isEqualTo(HOSTS - dead);
                assertThat(took).isLessThan(LIMIT);
            }
            hosts.type("report");
            String report = hosts.line();
            // The full name and the short one; a repetition over UDP may be heard as well.
            assertThat(NativeProgram.number(report, "twice") + NativeProgram.number(report, "more"))
                    .isEqualTo(HOSTS - dead);
            assertThat(NativeProgram.number(report, "dead")).isZero();

            try (NsmService again = open(sockets, client, rpcbind, state)) {
                assertThat(again.formerlyMonitored()).as("to be told once more").hasSize(dead);
            }
        }
    }

    private static NsmService open(
            SocketPlatform sockets, RpcClient client, RpcbindClient rpcbind, Path state)
            throws IOException {
        return NsmService.builder(sockets.platform(), client, rpcbind)
                .serverName(SERVER_NAME)
                .open(FileNsmStore.open(state));
    }

    private static void monitorAll(HostMonitor monitor) throws UnknownHostException {
        InetAddress here = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int host = 0; host < HOSTS; host++) {
            byte[] address = {127, 1, (byte) (host / 200), (byte) (host % 200 + 1)};
            MonitoredHost one =
                    new MonitoredHost(
                            InetAddress.getByAddress(address),
                            HostName.of("client"),
                            here,
                            SERVER_NAME);
            all.add(monitor.monitor(one).toCompletableFuture());
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).join();
    }
}
