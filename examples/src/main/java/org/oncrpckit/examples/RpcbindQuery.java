package org.oncrpckit.examples;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.rpcbind.RpcbindClient.Registration;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.rpc.transport.Transport;

/** Asks a host's rpcbind what is registered there, and where its NFS server is. */
public final class RpcbindQuery {
    private static final ProgramVersion NFS = new ProgramVersion(100_003, 3);
    private static final CallOptions OPTIONS =
            CallOptions.DEFAULT.withTimeLimit(Duration.ofSeconds(5));

    private RpcbindQuery() {}

    // [query]
    static void query(RpcbindClient rpcbind, InetAddress host) {
        for (Registration each : rpcbind.dump(host, OPTIONS).join()) {
            System.out.printf(
                    "%d version %d: %s %s%n",
                    each.programVersion().program(),
                    each.programVersion().version(),
                    each.netid(),
                    each.address());
        }
        Optional<InetSocketAddress> nfs =
                rpcbind.lookUp(host, null, NFS, Transport.TCP, OPTIONS).join();
        System.out.println(nfs.map(at -> "NFS is at " + at).orElse("no NFS here"));
    }

    // [end]

    /** Asks the host that is named, or this one. Ends with status 1 where no rpcbind answers. */
    public static void main(String[] arguments) throws UnknownHostException {
        InetAddress host =
                arguments.length > 0
                        ? InetAddress.getByName(arguments[0])
                        : InetAddress.getLoopbackAddress();
        try (SocketPlatform sockets = SocketPlatform.open();
                RpcClient client = RpcClient.builder(sockets.platform()).build()) {
            query(new RpcbindClient(client), host);
        } catch (CompletionException e) {
            System.err.println("no answer from rpcbind on " + host + ": " + e.getCause());
            System.exit(1);
        }
    }
}
