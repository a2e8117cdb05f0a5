package org.oncrpckit.rpc.server;

import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.oncrpckit.rpc.transport.CloseReason;
import org.oncrpckit.rpc.transport.Endpoint;

/** Keeps what a server told it, in order. */
final class RecordingListener implements RpcServerListener {
    final List<String> events = new CopyOnWriteArrayList<>();

    @Override
    public void callEnded(CallContext call, CallOutcome outcome) {
        events.add("ended " + outcome);
    }

    @Override
    public void callTurnedAway(Endpoint endpoint, SocketAddress peer, CallOutcome outcome) {
        events.add("turned away " + outcome);
    }

    @Override
    public void handlerFailed(CallContext call, Throwable failure) {
        events.add("failed " + failure.getClass().getSimpleName());
    }

    @Override
    public void lateResult(CallContext call) {
        events.add("late");
    }

    @Override
    public void replyNotSent(Endpoint endpoint, SocketAddress peer, Endpoint.SendOutcome why) {
        events.add("not sent " + why);
    }

    @Override
    public void connectionAccepted(Endpoint connection) {
        events.add("accepted");
    }

    @Override
    public void connectionRefused(Endpoint connection) {
        events.add("refused");
    }

    @Override
    public void connectionPaused(Endpoint connection) {
        events.add("paused");
    }

    @Override
    public void connectionClosed(Endpoint connection, CloseReason reason) {
        events.add("closed " + reason);
    }
}
