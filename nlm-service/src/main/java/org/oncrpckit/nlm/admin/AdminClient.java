package org.oncrpckit.nlm.admin;

import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
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
        List<LockLine> lines = new ArrayList<>();
        held(ListFilter.ALL, lines::add);
        return lines;
    }

    /** All requests that wait, file by file, in order of arrival. */
    public List<LockLine> waiting() throws RpcException, InterruptedException {
        List<LockLine> lines = new ArrayList<>();
        waiting(ListFilter.ALL, lines::add);
        return lines;
    }

    /** Shows locks that are held, file by file, by first byte, without keeping them all. */
    public void held(ListFilter filter, Consumer<LockLine> each)
            throws RpcException, InterruptedException {
        list(AdminProtocol.LOCKS, filter, each);
    }

    /** Shows requests that wait, file by file, in order of arrival. */
    public void waiting(ListFilter filter, Consumer<LockLine> each)
            throws RpcException, InterruptedException {
        list(AdminProtocol.WAITERS, filter, each);
    }

    /** Shows share reservations, file by file. */
    public void shares(ListFilter filter, Consumer<ShareLine> each)
            throws RpcException, InterruptedException {
        list(AdminProtocol.SHARES, filter, each);
    }

    /** Shows client hosts. */
    public void hosts(ListFilter filter, Consumer<HostLine> each)
            throws RpcException, InterruptedException {
        list(AdminProtocol.HOSTS, filter, each);
    }

    /** Shows why requests wait. */
    public void graph(ListFilter filter, Consumer<WaitLine> each)
            throws RpcException, InterruptedException {
        list(AdminProtocol.GRAPH, filter, each);
    }

    private <T> void list(
            Procedure<ListRequest, ListPage<T>> procedure, ListFilter filter, Consumer<T> each)
            throws RpcException, InterruptedException {
        long cursor = 0;
        do {
            ListPage<T> page = call(procedure, new ListRequest(filter, cursor));
            page.lines().forEach(each);
            cursor = page.cursor();
        } while (cursor != 0);
    }

    /** Frees what somebody else has, or says what would be freed. */
    public ReleaseReply release(ReleaseRequest request) throws RpcException, InterruptedException {
        return call(AdminProtocol.RELEASE, request);
    }

    /**
     * Ends the grace period.
     *
     * @return false when there was none
     */
    public boolean endGrace() throws RpcException, InterruptedException {
        return call(AdminProtocol.END_GRACE, Nothing.NOTHING);
    }

    /** Has the daemon try to reach a client, by its address. */
    public ProbeReply probe(String address) throws RpcException, InterruptedException {
        return call(AdminProtocol.PROBE, address);
    }

    /** Asks for a lock; the outcome is WAITING only where the request says so. */
    public LocalLockReply lock(LocalLockRequest request) throws RpcException, InterruptedException {
        return call(AdminProtocol.LOCK, request);
    }

    /** Waits a while for a queued request; WAITING means: call again. */
    public LocalLockReply await(long token) throws RpcException, InterruptedException {
        return await(token, AdminSession.AWAIT_LIMIT);
    }

    /**
     * Waits for a queued request, at the most as long as the limit says, and as the daemon likes
     * (some seconds); WAITING means: call again.
     */
    public LocalLockReply await(long token, Duration limit)
            throws RpcException, InterruptedException {
        return call(AdminProtocol.AWAIT, new AwaitRequest(token, Math.max(1, limit.toMillis())));
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
