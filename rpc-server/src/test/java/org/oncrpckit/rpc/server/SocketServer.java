package org.oncrpckit.rpc.server;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.oncrpckit.rpc.socket.SocketLimits;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.StreamListener;
import org.oncrpckit.rpc.transport.Transport;

/** A server on loopback over UDP, TCP and a UNIX-domain socket at once. */
final class SocketServer implements Closeable {
    final SocketPlatform sockets;
    final RpcServer server;
    final Endpoint udp;
    private final StreamListener tcp;
    private final Path folder = Files.createTempDirectory("oncrpc");
    private final Path path = folder.resolve("s");

    SocketServer(RpcProgram program) throws IOException {
        this(builder -> builder.program(program));
    }

    SocketServer(UnaryOperator<RpcServer.Builder> settings) throws IOException {
        this(settings, SocketLimits.DEFAULT);
    }

    SocketServer(UnaryOperator<RpcServer.Builder> settings, SocketLimits limits)
            throws IOException {
        sockets = SocketPlatform.open(network -> network.limits(limits));
        server = settings.apply(RpcServer.builder(sockets.platform())).build();
        udp = sockets.platform().network().bindDatagram(RawCaller.loopback(0));
        server.attach(udp);
        tcp = server.listen(RawCaller.loopback(0));
        server.listen(UnixDomainSocketAddress.of(path));
    }

    SocketAddress address(Transport transport) {
        return switch (transport) {
            case UDP -> udp.localAddress();
            case TCP -> tcp.localAddress();
            case UNIX -> UnixDomainSocketAddress.of(path);
        };
    }

    int port(Transport transport) {
        return ((InetSocketAddress) address(transport)).getPort();
    }

    RawCaller caller(Transport transport) throws IOException {
        return switch (transport) {
            case UDP -> RawCaller.udp(address(transport));
            case TCP, UNIX -> stream(transport);
        };
    }

    RawCaller.Stream stream(Transport transport) throws IOException {
        return transport == Transport.TCP
                ? RawCaller.tcp(address(transport))
                : RawCaller.unix(address(transport));
    }

    @Override
    public void close() throws IOException {
        server.close();
        sockets.close();
        Files.deleteIfExists(path);
        Files.delete(folder);
    }
}
