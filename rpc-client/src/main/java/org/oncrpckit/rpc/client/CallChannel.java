package org.oncrpckit.rpc.client;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.transport.CloseReason;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Endpoint.SendOutcome;
import org.oncrpckit.rpc.transport.RpcPlatform;

/**
 * The calling side of one endpoint: its xids and the calls that wait for a reply there. Lock-free.
 *
 * <p>Every call in the table is either taken out by its own end or found by {@link #shut}: {@code
 * register} looks at {@code shutBecause} after it has put the call in, {@code shut} sets it before
 * it looks into the table.
 */
final class CallChannel {
    private final ClientContext context;
    private final Endpoint endpoint;
    private final ConcurrentMap<Integer, Call<?>> pending = new ConcurrentHashMap<>();
    private final AtomicInteger nextXid;
    private volatile @Nullable String shutBecause;
    private volatile boolean answered;

    private CallChannel(ClientContext context, Endpoint endpoint, int firstXid) {
        this.context = context;
        this.endpoint = endpoint;
        this.nextXid = new AtomicInteger(firstXid);
    }

    /**
     * Takes over the replies of an endpoint.
     *
     * @param closed called once, after the calls in flight have failed, when the endpoint closes
     * @throws IllegalStateException when the endpoint has a receiver of replies already
     */
    static CallChannel open(
            ClientContext context, Endpoint endpoint, Consumer<CloseReason> closed) {
        RpcPlatform platform = context.platform();
        CallChannel channel = new CallChannel(context, endpoint, platform.random().nextInt());
        endpoint.receiveReplies(channel::received);
        endpoint.closed()
                .thenAccept(
                        reason -> {
                            channel.shut(describe(reason));
                            closed.accept(reason);
                        });
        return channel;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    boolean isShut() {
        return shutBecause != null;
    }

    /** Whether any reply ever was taken for a call. */
    boolean hasAnswered() {
        return answered;
    }

    /** Calls in flight. */
    int pending() {
        return pending.size();
    }

    /**
     * Gives the call an xid that no other call in flight has, and waits for its reply from now on.
     *
     * @return false when the channel is shut and the call is not in its table
     */
    boolean register(Call<?> call) {
        while (!isShut()) {
            int xid = nextXid.getAndIncrement();
            if (!call.takes(this, xid)) {
                return true;
            }
            if (pending.putIfAbsent(xid, call) == null) {
                if (call.hasEnded()) {
                    pending.remove(xid, call);
                    return true;
                }
                return !isShut() || !pending.remove(xid, call);
            }
        }
        return false;
    }

    /** The next xid, for a call that nobody waits for. */
    int unusedXid() {
        int xid = nextXid.getAndIncrement();
        while (pending.containsKey(xid)) {
            xid = nextXid.getAndIncrement();
        }
        return xid;
    }

    void forget(int xid, Call<?> call) {
        pending.remove(xid, call);
    }

    SendOutcome send(SocketAddress to, byte[] message) {
        return isShut() ? SendOutcome.CLOSED : endpoint.send(to, ByteBuffer.wrap(message));
    }

    /** Fails the calls in flight and takes no more. Idempotent; leaves the endpoint open. */
    void shut(String because) {
        if (shutBecause == null) {
            shutBecause = because;
        }
        for (Call<?> call : pending.values()) {
            IoThread.run(() -> call.fail(trace -> new RpcClosedException(because, trace)));
        }
    }

    private void received(Endpoint at, SocketAddress from, ByteBuffer message) {
        int xid = message.getInt(message.position());
        Call<?> call = pending.get(xid);
        if (call == null) {
            context.events().dropped(at, from, DroppedReply.UNMATCHED);
            return;
        }
        if (!call.expects(from)) {
            context.events().dropped(at, from, DroppedReply.FOREIGN);
            return;
        }
        IoThread.run(
                () -> {
                    if (call.replied(message)) {
                        answered = true;
                    } else {
                        context.events().dropped(at, from, DroppedReply.MALFORMED);
                    }
                });
    }

    private static String describe(CloseReason reason) {
        return switch (reason) {
            case LOCAL -> "endpoint closed on this side";
            case PEER -> "connection closed by the peer";
            case IDLE -> "connection closed after an idle time";
            case PROTOCOL -> "connection closed: the peer broke record marking or a limit";
            case FAILURE -> "endpoint closed: the socket failed";
        };
    }
}
