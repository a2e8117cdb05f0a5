package org.oncrpckit.benchmarks.subject;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.oncrpckit.nlm.protocol.Nlm;
import org.oncrpckit.nsm.FileNsmStore;
import org.oncrpckit.nsm.NsmService;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.rpc.transport.RpcPlatform;

/**
 * A status monitor by itself, which a service outside its process may use as it uses rpc.statd.
 * Before it is ready it notifies the hosts that it monitored before.
 */
public final class MonitorServer {
    /** The procedure at which kernels have themselves called back. */
    private static final int NOTIFY = 16;

    private static final Duration LOOK_EVERY = Duration.ofMillis(5);

    private MonitorServer() {}

    /**
     * Serves until the process is ended. Says how many milliseconds after its start all but so many
     * hosts had been notified.
     *
     * @param arguments port on 127.0.0.1, state folder, number of hosts that are dead
     */
    public static void main(String[] arguments) throws Exception {
        InetSocketAddress local =
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        int dead = Integer.parseInt(arguments[2]);
        try (SocketPlatform sockets = SocketPlatform.open()) {
            RpcPlatform platform = sockets.platform();
            try (RpcClient client = RpcClient.builder(platform).build();
                    NsmService monitor =
                            NsmService.builder(platform, client, new RpcbindClient(client))
                                    .allowCallBack(Nlm.PROGRAM, NOTIFY)
                                    .open(FileNsmStore.open(Path.of(arguments[1])));
                    RpcServer server =
                            RpcServer.builder(platform).program(monitor.program()).build()) {
                server.attach(platform.network().bindDatagram(local));
                server.listen(local);
                long started = System.nanoTime();
                var unused = monitor.notifyFormerHosts();
                while (monitor.notifyProgress().pending() > dead) {
                    Thread.sleep(LOOK_EVERY.toMillis());
                }
                System.out.printf("ready %d%n", (System.nanoTime() - started) / 1_000_000);
                Thread.currentThread().join();
            }
        }
    }
}
