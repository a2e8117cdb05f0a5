package org.oncrpckit.examples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.RpcPlatform;

/** Serves {@link GreetingProtocol} over UDP and TCP on one port. */
public final class GreetingServer implements AutoCloseable {
    private final RpcServer server;
    private final Endpoint datagrams;

    GreetingServer(RpcPlatform platform, InetSocketAddress address) throws IOException {
        // [program]
        RpcProgram program =
                RpcProgram.builder(GreetingProtocol.VERSION.program(), "greeting")
                        .idempotent(
                                GreetingProtocol.GREET,
                                (call, request) ->
                                        ("Hello " + request.name() + "! ").repeat(request.times()))
                        .build();
        server = RpcServer.builder(platform).program(program).build();
        datagrams = platform.network().bindDatagram(address);
        server.attach(datagrams);
        server.listen(address());
        // [end]
    }

    InetSocketAddress address() {
        return (InetSocketAddress) datagrams.localAddress();
    }

    @Override
    public void close() {
        server.close();
        datagrams.close();
    }

    /** Serves port 4242 of the loopback address until the process is ended. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (SocketPlatform sockets = SocketPlatform.open();
                GreetingServer server =
                        new GreetingServer(
                                sockets.platform(),
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 4242))) {
            System.out.println("serving " + server.address());
            Thread.currentThread().join();
        }
    }
}
