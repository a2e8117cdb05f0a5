package org.oncrpckit.benchmarks.subject;

import java.io.IOException;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.TimeUnit;
import org.dcache.oncrpc4j.rpc.OncRpcClient;
import org.dcache.oncrpc4j.rpc.RpcAuthTypeNone;
import org.dcache.oncrpc4j.rpc.RpcCall;
import org.dcache.oncrpc4j.rpc.RpcReply;
import org.dcache.oncrpc4j.rpc.RpcTransport;
import org.dcache.oncrpc4j.rpc.net.IpProtocolType;
import org.dcache.oncrpc4j.xdr.XdrVoid;

/**
 * Calls {@link NullProtocol} with oncrpc4j, one host: each of its clients is one socket to one host
 * with five threads, so that a thousand hosts are out of its reach. Calls carry a time limit as
 * ours do; without one, a lost datagram would stop its chain for ever.
 */
public final class Oncrpc4jClient implements Load.Client {
    private static final int TIME_LIMIT_SECONDS = 25;

    private Oncrpc4jClient() {}

    /** Serves loads from standard input. */
    public static void main(String[] arguments) throws Exception {
        Load.serve(new Oncrpc4jClient(), arguments);
    }

    @Override
    public Load.Result run(Load load) throws IOException, InterruptedException {
        if (load.hosts() != 1) {
            throw new IllegalArgumentException(load.hosts() + " hosts (expected: 1)");
        }
        int protocol =
                switch (load.transport()) {
                    case "udp" -> IpProtocolType.UDP;
                    case "tcp" -> IpProtocolType.TCP;
                    default -> throw new IllegalArgumentException(load.transport());
                };
        try (OncRpcClient client = new OncRpcClient(load.host(0), protocol)) {
            RpcCall call =
                    new RpcCall(
                            NullProtocol.VERSION.program(),
                            NullProtocol.VERSION.version(),
                            new RpcAuthTypeNone(),
                            client.connect());
            return ClosedLoop.run(load, (number, done) -> call(call, done));
        }
    }

    private static void call(RpcCall call, ClosedLoop.Done done) {
        try {
            call.call(
                    0,
                    XdrVoid.XDR_VOID,
                    new CompletionHandler<RpcReply, RpcTransport>() {
                        @Override
                        public void completed(RpcReply reply, RpcTransport transport) {
                            done.done(reply.isAccepted());
                        }

                        @Override
                        public void failed(Throwable failure, RpcTransport transport) {
                            done.done(false);
                        }
                    },
                    TIME_LIMIT_SECONDS,
                    TimeUnit.SECONDS);
        } catch (IOException e) {
            done.done(false);
        }
    }
}
