package org.oncrpckit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcTarget;
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
