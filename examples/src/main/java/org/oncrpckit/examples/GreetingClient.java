package org.oncrpckit.examples;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcException;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.socket.SocketPlatform;

/** Calls {@link GreetingServer} over UDP, then over TCP. */
public final class GreetingClient {
    private GreetingClient() {}

    static String greet(RpcClient client, RpcTarget target)
            throws RpcException, InterruptedException {
        // [call]
        return client.callAndWait(
                target,
                GreetingProtocol.GREET,
                new GreetingProtocol.Request("world", 2),
                CallOptions.DEFAULT);
        // [end]
    }

    /** Greets port 4242 of the loopback address. */
    public static void main(String[] arguments) throws RpcException, InterruptedException {
        InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4242);
        try (SocketPlatform sockets = SocketPlatform.open();
                RpcClient client = RpcClient.builder(sockets.platform()).build()) {
            System.out.println(greet(client, RpcTarget.udp(server)));
            System.out.println(greet(client, RpcTarget.tcp(server)));
        }
    }
}
