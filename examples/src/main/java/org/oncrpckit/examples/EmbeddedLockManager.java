package org.oncrpckit.examples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.oncrpckit.nlm.NlmService;
import org.oncrpckit.nlm.StatusMonitor;
import org.oncrpckit.nsm.MemoryNsmStore;
import org.oncrpckit.nsm.NsmService;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.server.host.Teardown;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.RpcPlatform;

/**
 * The lock manager inside a program of one's own, a file server for example. It forgets its clients
 * when the process ends; one that is to survive a restart keeps them in a {@code FileNsmStore}, and
 * one that kernels are to find registers with rpcbind.
 */
public final class EmbeddedLockManager implements AutoCloseable {
    private final Teardown teardown = new Teardown();
    private final InetSocketAddress address;

    EmbeddedLockManager(RpcPlatform platform, InetSocketAddress wanted) throws IOException {
        // [lock manager]
        RpcClient client = RpcClient.builder(platform).build();
        RpcbindClient rpcbind = new RpcbindClient(client);
        NsmService monitor =
                NsmService.builder(platform, client, rpcbind).open(new MemoryNsmStore());
        NlmService locks =
                NlmService.builder(platform, client, rpcbind, StatusMonitor.of(monitor)).build();
        RpcServer server =
                RpcServer.builder(platform)
                        .program(locks.program())
                        .program(monitor.program())
                        .build();
        Endpoint datagrams = platform.network().bindDatagram(wanted);
        server.attach(datagrams);
        client.attach(datagrams); // Call-backs leave from the port that clients know.
        address = (InetSocketAddress) datagrams.localAddress();
        server.listen(address);
        // [end]
        teardown.add(client);
        teardown.add(monitor);
        teardown.add(locks);
        teardown.add(datagrams);
        teardown.add(server);
    }

    InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        teardown.close();
    }

    /** Serves port 4045 of the loopback address until the process is ended. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (SocketPlatform sockets = SocketPlatform.open();
                EmbeddedLockManager manager =
                        new EmbeddedLockManager(
                                sockets.platform(),
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 4045))) {
            System.out.println("serving " + manager.address());
            Thread.currentThread().join();
        }
    }
}
