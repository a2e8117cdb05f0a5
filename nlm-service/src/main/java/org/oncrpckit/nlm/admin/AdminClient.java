package org.oncrpckit.nlm.admin;

import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.client.RpcException;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.socket.SocketPlatform;
import org.oncrpckit.xdr.Nothing;

/**
 * Talks to a running daemon over its control socket. Locks taken here belong to this client: they
 * are released when it is closed, or its process ends. Thread-safe; every call blocks.
 */
public final class AdminClient implements AutoCloseable {
    private static final CallOptions OPTIONS =
            CallOptions.DEFAULT.withTimeLimit(Duration.ofSeconds(30));

    private final SocketPlatform sockets;
    private final RpcClient client;
    private final RpcTarget target;

    private AdminClient(SocketPlatform sockets, Path socket) {
        this.sockets = sockets;
        this.client = RpcClient.builder(sockets.platform()).build();
        this.target = RpcTarget.unix(UnixDomainSocketAddress.of(socket));
    }

    /** A client of the daemon behind this socket; connects with its first call. */
    public static AdminClient connect(Path socket) {
        return new AdminClient(SocketPlatform.open(), socket);
    }

    /** What the daemon says of itself. */
    public DaemonStatus status() throws RpcException, InterruptedException {
        return call(AdminProtocol.STATUS, Nothing.NOTHING);
    }

    /** All locks that are held, file by file, by first byte. */
    public List<LockLine> held() throws RpcException, InterruptedException {
        return list(ListRequest.Kind.HELD);
    }

    /** All requests that wait, file by file, in order of arrival. */
    public List<LockLine> waiting() throws RpcException, InterruptedException {
        return list(ListRequest.Kind.WAITING);
    }

    private List<LockLine> list(ListRequest.Kind kind) throws RpcException, InterruptedException {
        List<LockLine> lines = new ArrayList<>();
        long cursor = 0;
        do {
            ListPage page = call(AdminProtocol.LIST, new ListRequest(kind, cursor));
            lines.addAll(page.lines());
            cursor = page.cursor();
        } while (cursor != 0);
        return lines;
    }

    /** Asks for a lock; the outcome is WAITING only where the request says so. */
    public LocalLockReply lock(LocalLockRequest request) throws RpcException, InterruptedException {
        return call(AdminProtocol.LOCK, request);
    }

    /** Waits a while for a queued request; WAITING means: call again. */
    public LocalLockReply await(long token) throws RpcException, InterruptedException {
        return call(AdminProtocol.AWAIT, token);
    }

    /** Unlocks, or takes a waiting request back. */
    public void unlock(long token) throws RpcException, InterruptedException {
        call(AdminProtocol.UNLOCK, token);
    }

    private <A, R> R call(Procedure<A, R> procedure, A arguments)
            throws RpcException, InterruptedException {
        return client.callAndWait(target, procedure, arguments, OPTIONS);
    }

    @Override
    public void close() {
        client.close();
        sockets.close();
    }
}
