package org.oncrpckit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.socket.SocketPlatform;

class GreetingTest {
    @Test
    void greetingTravelsOverUdpAndTcp() throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (SocketPlatform sockets = SocketPlatform.open();
                GreetingServer server = new GreetingServer(sockets.platform(), anyPort);
                RpcClient client = RpcClient.builder(sockets.platform()).build()) {
            assertThat(GreetingClient.greet(client, RpcTarget.udp(server.address())))
                    .isEqualTo("Hello world! Hello world! ");
            assertThat(GreetingClient.greet(client, RpcTarget.tcp(server.address())))
                    .isEqualTo("Hello world! Hello world! ");
        }
    }
}
