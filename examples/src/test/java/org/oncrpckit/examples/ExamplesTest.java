package org.oncrpckit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dcache.oncrpc4j.rpc.OncRpcClient;
import org.dcache.oncrpc4j.rpc.RpcAuthTypeNone;
import org.dcache.oncrpc4j.rpc.RpcCall;
import org.dcache.oncrpc4j.rpc.net.IpProtocolType;
import org.dcache.oncrpc4j.xdr.XdrString;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.rpcbind.RpcbindClient.Registration;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.server.host.ListenAddresses;
import org.oncrpckit.rpc.server.rpcbind.EmbeddedRpcbind;
import org.oncrpckit.rpc.socket.SocketPlatform;

class ExamplesTest {
    private static final int PORTS_TRIED_MAX = 10;

    @Test
    void anOwnProtocolTakesLessThan150LinesWithServerClientAndTest() throws Exception {
        List<Path> files =
                List.of(
                        Path.of("src/main/java/org/oncrpckit/examples/GreetingProtocol.java"),
                        Path.of("src/main/java/org/oncrpckit/examples/GreetingServer.java"),
                        Path.of("src/main/java/org/oncrpckit/examples/GreetingClient.java"),
                        Path.of("src/test/java/org/oncrpckit/examples/GreetingTest.java"));
        int lines = 0;
        for (Path file : files) {
            lines += Files.readAllLines(file).size();
        }
        assertThat(lines).isBetween(50, 149);
    }

    @Test
    void anOncrpc4jServiceIsHosted() throws Exception {
        try (SocketPlatform sockets = SocketPlatform.open();
                RpcServer server = HostedOncrpc4jService.server(sockets)) {
            int port =
                    ((InetSocketAddress)
                                    server.listen(
                                                    new InetSocketAddress(
                                                            InetAddress.getLoopbackAddress(), 0))
                                            .localAddress())
                            .getPort();
            try (OncRpcClient client =
                    new OncRpcClient(InetAddress.getLoopbackAddress(), IpProtocolType.TCP, port)) {
                XdrString answer = new XdrString();
                new RpcCall(
                                HostedOncrpc4jService.PROGRAM,
                                1,
                                new RpcAuthTypeNone(),
                                client.connect())
                        .call(1, new XdrString("hear, hear"), answer);
                assertThat(answer.stringValue()).isEqualTo("hear, hear!");
            }
        }
    }

    @Test
    void metricsArePrintedAsPrometheusReadsThem() throws Exception {
        assertThat(Console.of(() -> PrometheusMetrics.main(new String[0])).lines())
                .contains(
                        "rpc_client_calls_total 1",
                        "rpc_client_calls_ended_total{outcome=\"succeeded\"} 1",
                        "rpc_client_calls_running 0")
                .allMatch(line -> line.matches("[a-z_]+(\\{[a-z]+=\"[a-z-]+\"(,[^}]*)?})? [0-9]+"));
    }

    @Test
    void threadsThatWaitMissNoTurn() throws Exception {
        assertThat(Console.of(() -> WaitingThreads.main(new String[0])))
                .isEqualTo("8 threads counted to 8000\n");
    }

    @Test
    void twoClientsGetOneLockOneAfterTheOther() throws Exception {
        assertThat(Console.of(() -> TwoClientsOneLock.main(new String[0])).lines())
                .containsExactly(
                        "anna locks: GRANTED",
                        "bert locks: DENIED",
                        "anna gives back: GRANTED",
                        "bert locks: GRANTED");
    }

    @Test
    void aClientLocksAtAServer() throws Exception {
        try (SocketPlatform sockets = SocketPlatform.open();
                EmbeddedLockManager manager = lockManagerAnywhere(sockets)) {
            String host = manager.address().getAddress().getHostAddress();
            String port = Integer.toString(manager.address().getPort());
            assertThat(
                            Console.of(
                                    () ->
                                            LockClient.main(
                                                    new String[] {host, port, "0102030405060708"})))
                    .isEqualTo("bytes 0 to 99 are ours\n");
        }
    }

    /** The port that is free over UDP may be somebody's over TCP. */
    private static EmbeddedLockManager lockManagerAnywhere(SocketPlatform sockets)
            throws IOException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        for (int attempt = 1; ; attempt++) {
            try {
                return new EmbeddedLockManager(sockets.platform(), anyPort);
            } catch (BindException e) {
                if (attempt == PORTS_TRIED_MAX) {
                    throw e;
                }
            }
        }
    }

    @Test
    void manyHostsSeeOnePort() throws Exception {
        assertThat(Console.of(() -> ManyHosts.main(new String[0])).lines())
                .hasSize(2)
                .element(0)
                .asString()
                .startsWith("50 hosts answered");
    }

    @Test
    void rpcbindNamesWhatIsRegistered() throws Exception {
        try (SocketPlatform sockets = SocketPlatform.open();
                EmbeddedRpcbind rpcbind =
                        EmbeddedRpcbind.builder(sockets.platform())
                                .addresses(
                                        ListenAddresses.of(
                                                List.of(
                                                        InetAddress.getByAddress(
                                                                new byte[] {127, 0, 0, 1}))))
                                .port(0)
                                .open();
                RpcClient client = RpcClient.builder(sockets.platform()).build()) {
            rpcbind.registry()
                    .set(
                            new Registration(
                                    new ProgramVersion(100_003, 3), "tcp", "127.0.0.1.8.1", "me"))
                    .join();
            RpcbindClient asker = new RpcbindClient(client).atPort(rpcbind.port().number());
            assertThat(
                            Console.of(
                                    () ->
                                            RpcbindQuery.query(
                                                    asker,
                                                    InetAddress.getByAddress(
                                                            new byte[] {127, 0, 0, 1}))))
                    .contains("100003 version 3: tcp 127.0.0.1.8.1")
                    .endsWith("NFS is at /127.0.0.1:2049\n");
        }
    }
}
