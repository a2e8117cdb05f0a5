package org.oncrpckit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.dcache.oncrpc4j.rpc.OncRpcClient;
import org.dcache.oncrpc4j.rpc.RpcAuthTypeNone;
import org.dcache.oncrpc4j.rpc.RpcCall;
import org.dcache.oncrpc4j.rpc.net.IpProtocolType;
import org.dcache.oncrpc4j.xdr.XdrString;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.socket.SocketPlatform;

class ExamplesTest {
    @Test
    void greetingTravelsOverUdpAndTcp() throws Exception {
        try (SocketPlatform sockets = SocketPlatform.open();
                GreetingServer server =
                        new GreetingServer(
                                sockets.platform(),
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                RpcClient client = RpcClient.builder(sockets.platform()).build()) {
            assertThat(GreetingClient.greet(client, RpcTarget.udp(server.address())))
                    .isEqualTo("Hello world! Hello world! ");
            assertThat(GreetingClient.greet(client, RpcTarget.tcp(server.address())))
                    .isEqualTo("Hello world! Hello world! ");
        }
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
    void embeddedLocksHandOver() {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            EmbeddedLocks.main(new String[0]);
        } finally {
            System.setOut(console);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .startsWith("GRANTED\nWAITING\n")
                .contains("Granted");
    }
}
