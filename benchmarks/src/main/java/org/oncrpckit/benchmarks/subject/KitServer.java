package org.oncrpckit.benchmarks.subject;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.rpc.transport.RpcPlatform;
import org.oncrpckit.xdr.Nothing;

/** Serves {@link NullProtocol} with rpc-server, as a user would set it up. */
public final class KitServer {
    private KitServer() {}

    /**
     * Serves until the process is ended.
     *
     * @param arguments port of UDP and TCP on 127.0.0.1, and the path of a UNIX-domain socket
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        InetSocketAddress local =
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        RpcProgram program =
                RpcProgram.builder(NullProtocol.VERSION.program(), "null")
                        .idempotent(NullProtocol.NULL, (call, nothing) -> Nothing.NOTHING)
                        .procedure(NullProtocol.REMEMBERED, (call, nothing) -> Nothing.NOTHING)
                        .build();
        try (SocketPlatform sockets = SocketPlatform.open()) {
            RpcPlatform platform = sockets.platform();
            try (RpcServer server = RpcServer.builder(platform).program(program).build()) {
                server.attach(platform.network().bindDatagram(local));
                server.listen(local);
                server.listen(UnixDomainSocketAddress.of(arguments[1]));
                System.out.println("ready");
                Thread.currentThread().join();
            }
        }
    }
}
