package org.oncrpckit.examples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.oncrpckit.nlm.protocol.LockArgs;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.nlm.protocol.UnlockArgs;
import org.oncrpckit.nlm.protocol.WireLock;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcException;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.xdr.Opaque;

/**
 * Two clients want the same bytes of the same file: the protocol itself, call by call, against
 * {@link EmbeddedLockManager}.
 */
public final class TwoClientsOneLock {
    private static final Opaque FILE = Opaque.ofUtf8("an NFS file handle");
    private static final Opaque COOKIE = Opaque.ofUtf8("any bytes");

    private TwoClientsOneLock() {}

    /** One who locks bytes 0 to 99, or gives them back. */
    private record Person(RpcClient client, RpcTarget server, String name, int number) {
        private WireLock bytes() {
            Opaque owner = Opaque.ofUtf8(name);
            return new WireLock(HostName.of("localhost"), FILE, owner, number, 0, 100);
        }

        // [lock]
        NlmStatus lock() throws RpcException, InterruptedException {
            LockArgs arguments = new LockArgs(COOKIE, false, true, bytes(), false, 1);
            return client.callAndWait(
                            server, NlmVersion.V4.lock().call(), arguments, CallOptions.DEFAULT)
                    .status();
        }

        // [end]

        NlmStatus unlock() throws RpcException, InterruptedException {
            UnlockArgs arguments = new UnlockArgs(COOKIE, bytes());
            return client.callAndWait(
                            server, NlmVersion.V4.unlock().call(), arguments, CallOptions.DEFAULT)
                    .status();
        }
    }

    /** Starts a lock manager and quarrels over a lock. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (SocketPlatform sockets = SocketPlatform.open();
                EmbeddedLockManager manager = new EmbeddedLockManager(sockets.platform(), anyPort);
                RpcClient client = RpcClient.builder(sockets.platform()).build()) {
            RpcTarget server = RpcTarget.tcp(manager.address());
            // [quarrel]
            Person anna = new Person(client, server, "anna", 1);
            Person bert = new Person(client, server, "bert", 2);
            System.out.println("anna locks: " + anna.lock());
            System.out.println("bert locks: " + bert.lock());
            System.out.println("anna gives back: " + anna.unlock());
            System.out.println("bert locks: " + bert.lock());
            // [end]
        }
    }
}
