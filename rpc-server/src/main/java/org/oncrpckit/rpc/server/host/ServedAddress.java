package org.oncrpckit.rpc.server.host;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Network;
import org.oncrpckit.rpc.transport.StreamListener;

/** The sockets of one service at one address. */
record ServedAddress(InetAddress address, Endpoint datagram, StreamListener listener)
        implements AutoCloseable {
    /** Binds both; nothing is read from the datagram socket before {@link #serve}. */
    static ServedAddress bind(Network network, RpcServer server, InetAddress address, int port)
            throws IOException {
        return listen(server, address, network.bindDatagram(new InetSocketAddress(address, port)));
    }

    /** Listens on the port of a datagram socket, which is closed when that fails. */
    static ServedAddress listen(RpcServer server, InetAddress address, Endpoint datagram)
            throws IOException {
        try {
            return new ServedAddress(address, datagram, server.listen(datagram.localAddress()));
        } catch (IOException e) {
            datagram.close();
            throw e;
        }
    }

    /** Lets datagrams in. */
    void serve(RpcServer server, Optional<RpcClient> caller) {
        server.attach(datagram);
        caller.ifPresent(client -> client.attach(datagram));
    }

    String key() {
        return ListenAddresses.key(address);
    }

    @Override
    public void close() {
        listener.close();
        datagram.close();
    }
}
