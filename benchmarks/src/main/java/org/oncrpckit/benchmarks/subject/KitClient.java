package org.oncrpckit.benchmarks.subject;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.xdr.Nothing;

/** Calls {@link NullProtocol} with rpc-client: one client for every run, transport and host. */
public final class KitClient implements Load.Client {
    private final RpcClient client;

    private KitClient(RpcClient client) {
        this.client = client;
    }

    /** Serves loads from standard input. */
    public static void main(String[] arguments) throws Exception {
        try (SocketPlatform sockets = SocketPlatform.open();
                RpcClient client = RpcClient.builder(sockets.platform()).build()) {
            Load.serve(new KitClient(client), arguments);
        }
    }

    @Override
    public Load.Result run(Load load) throws IOException, InterruptedException {
        RpcTarget[] targets = new RpcTarget[load.hosts()];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = target(load, i);
        }
        return ClosedLoop.run(
                load, (number, done) -> call(targets[(int) (number % targets.length)], done));
    }

    private void call(RpcTarget target, ClosedLoop.Done done) {
        var unused =
                client.call(target, NullProtocol.NULL, Nothing.NOTHING, CallOptions.DEFAULT)
                        .whenComplete((result, failure) -> done.done(failure == null));
    }

    private static RpcTarget target(Load load, int host) throws IOException {
        return switch (load.transport()) {
            case "udp" -> RpcTarget.udp(load.host(host));
            case "tcp" -> RpcTarget.tcp(load.host(host));
            default -> RpcTarget.unix(UnixDomainSocketAddress.of(load.socket()));
        };
    }
}
