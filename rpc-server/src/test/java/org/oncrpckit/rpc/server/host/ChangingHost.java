package org.oncrpckit.rpc.server.host;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Network;
import org.oncrpckit.rpc.transport.RpcPlatform;
import org.oncrpckit.rpc.transport.StreamListener;

/** Real sockets on a host whose addresses are what the test says. */
final class ChangingHost implements Network {
    private final SocketPlatform sockets = SocketPlatform.open();
    private volatile List<InetAddress> addresses = List.of();

    ChangingHost(String... addresses) {
        has(addresses);
    }

    void has(String... now) {
        List<InetAddress> list = new ArrayList<>();
        for (String each : now) {
            list.add(address(each));
        }
        addresses = List.copyOf(list);
    }

    RpcPlatform platform() {
        RpcPlatform real = sockets.platform();
        return new RpcPlatform(this, real.timers(), real.random());
    }

    static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private Network real() {
        return sockets.platform().network();
    }

    @Override
    public List<InetAddress> localAddresses() {
        return addresses;
    }

    @Override
    public Endpoint bindDatagram(InetSocketAddress local) throws IOException {
        return real().bindDatagram(local);
    }

    @Override
    public StreamListener listen(SocketAddress local, Consumer<Endpoint> accepted)
            throws IOException {
        return real().listen(local, accepted);
    }

    @Override
    public CompletableFuture<Endpoint> connect(
            SocketAddress remote, @Nullable InetSocketAddress local, Duration timeLimit) {
        return real().connect(remote, local, timeLimit);
    }

    @Override
    public InetAddress sourceFor(InetAddress remote) throws IOException {
        return real().sourceFor(remote);
    }

    @Override
    public void close() {
        sockets.close();
    }
}
