package org.oncrpckit.examples;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HexFormat;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.nlm.client.LockAnswer;
import org.oncrpckit.nlm.client.NlmClient;
import org.oncrpckit.nlm.client.NlmClientException;
import org.oncrpckit.nlm.client.NlmLock;
import org.oncrpckit.nlm.client.NlmServer;
import org.oncrpckit.rpc.server.host.RpcbindMode;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.rpc.transport.RpcPlatform;
import org.oncrpckit.xdr.Opaque;

/** Locks a file at a lock manager, any system's, as the kernel of an NFS client does. */
public final class LockClient {
    private LockClient() {}

    private static NlmClient client(RpcPlatform platform) {
        // [client]
        return NlmClient.builder(platform)
                .rpcbind(RpcbindMode.NONE) // Asks again now and then instead of being called back.
                .build();
        // [end]
    }

    static void lockAndGiveBack(NlmClient client, NlmServer server, Opaque file)
            throws NlmClientException, InterruptedException {
        // [lock]
        NlmLock lock =
                new NlmLock(
                        server, file, client.newOwner(), new LockRange(0, 99), LockMode.EXCLUSIVE);
        LockAnswer answer = client.lockAndWait(lock, Duration.ofMinutes(1));
        if (answer instanceof LockAnswer.Granted) {
            System.out.println("bytes 0 to 99 are ours");
            client.unlockAndWait(lock);
        } else {
            System.out.println("not ours: " + answer);
        }
        // [end]
    }

    /**
     * Locks at {@code SERVER PORT HANDLE}, the handle in hexadecimal; at {@link
     * EmbeddedLockManager}'s port of this host when called without.
     */
    public static void main(String[] arguments)
            throws UnknownHostException, NlmClientException, InterruptedException {
        boolean named = arguments.length == 3;
        InetSocketAddress at =
                named
                        ? new InetSocketAddress(
                                InetAddress.getByName(arguments[0]), Integer.parseInt(arguments[1]))
                        : new InetSocketAddress(InetAddress.getLoopbackAddress(), 4045);
        Opaque file =
                named
                        ? Opaque.copyOf(HexFormat.of().parseHex(arguments[2]))
                        : Opaque.ofUtf8("an NFS file handle");
        try (SocketPlatform sockets = SocketPlatform.open();
                NlmClient client = client(sockets.platform())) {
            lockAndGiveBack(client, NlmServer.tcp(at.getAddress()).atPort(at.getPort()), file);
        }
    }
}
