package org.oncrpckit.examples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.rpc.transport.RpcPlatform;

/**
 * Calls many hosts at once, without waiting for any, through one UDP port. The hosts are addresses
 * of the loopback network; each answers with the address that the call came from.
 */
public final class ManyHosts {
    private static final int HOSTS = 50;
    private static final CallOptions OPTIONS =
            CallOptions.DEFAULT.withTimeLimit(Duration.ofSeconds(10));

    private ManyHosts() {}

    private static RpcServer server(RpcPlatform platform) {
        return RpcServer.builder(platform)
                .program(
                        RpcProgram.builder(GreetingProtocol.VERSION.program(), "greeting")
                                .idempotent(
                                        GreetingProtocol.GREET,
                                        (call, request) -> request.name() + call.peer())
                                .build())
                .build();
    }

    /** Where the hosts serve: one port number, an address each. */
    private static List<InetSocketAddress> start(RpcServer server, RpcPlatform platform)
            throws IOException {
        List<InetSocketAddress> hosts = new ArrayList<>();
        int port = 0;
        for (int i = 1; i <= HOSTS; i++) {
            InetAddress address = InetAddress.getByName("127.0.1." + i);
            var endpoint = platform.network().bindDatagram(new InetSocketAddress(address, port));
            server.attach(endpoint);
            hosts.add((InetSocketAddress) endpoint.localAddress());
            port = hosts.get(0).getPort();
        }
        return hosts;
    }

    // [calls]
    private static List<CompletableFuture<String>> callAll(
            RpcClient client, List<InetSocketAddress> hosts) {
        return hosts.stream()
                .map(
                        host ->
                                client.call(
                                        RpcTarget.udp(host),
                                        GreetingProtocol.GREET,
                                        new GreetingProtocol.Request("you are ", 1),
                                        OPTIONS))
                .toList();
    }

    // [end]

    /** Calls them all and prints who they saw. */
    public static void main(String[] arguments) throws IOException {
        try (SocketPlatform sockets = SocketPlatform.open();
                RpcServer server = server(sockets.platform());
                RpcClient client = RpcClient.builder(sockets.platform()).build()) {
            List<CompletableFuture<String>> calls =
                    callAll(client, start(server, sockets.platform()));
            List<String> seen = calls.stream().map(CompletableFuture::join).distinct().toList();
            System.out.println(calls.size() + " hosts answered, and all saw one caller:");
            seen.forEach(System.out::println);
        }
    }
}
