package org.oncrpckit.rpc.socket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.transport.Messages;
import org.oncrpckit.rpc.transport.Network;
import org.oncrpckit.xdr.Nothing;
import org.oncrpckit.xdr.XdrCodecs;

/**
 * A program of its own, because whether there is IPv6 is decided when a JVM starts: says on stdout
 * what each use of an IPv6 address fails with.
 */
final class Ipv4Only {
    private Ipv4Only() {}

    public static void main(String[] args) {
        InetAddress address = Messages.address("::1");
        InetSocketAddress remote = new InetSocketAddress(address, 111);
        try (SocketPlatform sockets = SocketPlatform.open();
                RpcClient client = RpcClient.builder(sockets.platform()).build()) {
            Network network = sockets.platform().network();
            say("bind", () -> network.bindDatagram(remote));
            say("listen", () -> network.listen(remote, endpoint -> {}));
            say("connect", () -> network.connect(remote, null, Duration.ofSeconds(5)).join());
            say("route", () -> network.sourceFor(address));
            Procedure<Nothing, Nothing> nothing =
                    new Procedure<>(
                            new ProgramVersion(100_000, 2),
                            0,
                            "NULL",
                            XdrCodecs.VOID,
                            XdrCodecs.VOID);
            for (RpcTarget target :
                    new RpcTarget[] {RpcTarget.udp(remote), RpcTarget.tcp(remote)}) {
                say(
                        "call",
                        () ->
                                client.call(target, nothing, Nothing.NOTHING, CallOptions.DEFAULT)
                                        .join());
            }
            System.out.println("running " + client.statistics().running());
        }
    }

    /** Something that needs IPv6. */
    private interface Use {
        Object make() throws IOException;
    }

    private static void say(String what, Use use) {
        try {
            System.out.println(what + ": " + use.make());
        } catch (CompletionException e) {
            System.out.println(what + ": " + e.getCause());
        } catch (IOException e) {
            System.out.println(what + ": " + e);
        }
    }
}
