package org.oncrpckit.rpc.client;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.oncrpckit.rpc.transport.CloseReason;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Endpoint.SendOutcome;
import org.oncrpckit.rpc.transport.IoThread;

/** The calling side of one endpoint: its xids and the calls that wait for a reply there. */
final class CallChannel {
    private final ClientContext context;
    private final Endpoint endpoint;
    private final PendingCalls<ReplyWaiter> pending;
    private volatile boolean answered;

    /** A channel that takes no replies yet. */
    CallChannel(ClientContext context, Endpoint endpoint) {
        this.context = context;
        this.endpoint = endpoint;
        this.pending = new PendingCalls<>(context.platform().random().nextInt());
    }

    /**
     * Takes over the replies of the endpoint.
     *
     * @param closed called once, after the calls in flight have failed, when the endpoint closes
     * @throws IllegalStateException when the endpoint has a receiver of replies already
     */
    void takeReplies(Consumer<CloseReason> closed) {
        endpoint.receiveReplies(this::received);
        endpoint.closed()
                .thenAccept(
                        reason ->
                                IoThread.run(
                                        () -> {
                                            shut(describe(reason));
                                            closed.accept(reason);
                                        }));
    }

    Endpoint endpoint() {
        return endpoint;
    }

    boolean isShut() {
        return pending.isShut();
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
    boolean register(ReplyWaiter call) {
        return pending.register(call);
    }

    /** The next xid, for a call that nobody waits for. */
    int unusedXid() {
        return pending.unusedXid();
    }

    void forget(int xid, ReplyWaiter call) {
        pending.forget(xid, call);
    }

    SendOutcome send(SocketAddress to, byte[] message) {
        return isShut() ? SendOutcome.CLOSED : endpoint.send(to, ByteBuffer.wrap(message));
    }

    /** Fails the calls in flight and takes no more. Idempotent; leaves the endpoint open. */
    void shut(String because) {
        for (ReplyWaiter call : pending.shut(because)) {
            IoThread.run(() -> call.fail(trace -> new RpcClosedException(because, trace)));
        }
    }

    private void received(Endpoint at, SocketAddress from, ByteBuffer message) {
        int xid = message.getInt(message.position());
        ReplyWaiter call = pending.find(xid);
        if (call == null) {
            context.events().dropped(at, from, DroppedReply.UNMATCHED);
            return;
        }
        if (!call.expects(from)) {
            context.events().dropped(at, from, DroppedReply.FOREIGN);
            return;
        }
        if (call.replied(from, message)) {
            answered = true;
        } else {
            context.events().dropped(at, from, DroppedReply.MALFORMED);
        }
    }

    private static String describe(CloseReason reason) {
        return switch (reason) {
            case LOCAL -> "endpoint closed on this side";
            case PEER -> "connection closed by the peer";
            case IDLE -> "connection closed after an idle time";
            case STALLED -> "connection closed: the peer did not read";
            case PROTOCOL -> "connection closed: the peer broke record marking or a limit";
            case FAILURE -> "endpoint closed: the socket failed";
        };
    }
}
