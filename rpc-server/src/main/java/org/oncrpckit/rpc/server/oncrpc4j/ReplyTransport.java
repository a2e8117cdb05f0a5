package org.oncrpckit.rpc.server.oncrpc4j;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.CompletionHandler;
import org.dcache.oncrpc4j.rpc.ReplyQueue;
import org.dcache.oncrpc4j.rpc.RpcTransport;
import org.dcache.oncrpc4j.xdr.Xdr;
import org.oncrpckit.rpc.server.CallContext;
import org.oncrpckit.rpc.server.RawCall;

/** Takes the encoded reply from oncrpc4j's call and gives it to ours. */
final class ReplyTransport implements HostedTransport {
    private final RawCall call;

    ReplyTransport(RawCall call) {
        this.call = call;
    }

    @Override
    public CallContext context() {
        return call;
    }

    @Override
    public <A> void send(Xdr xdr, A attachment, CompletionHandler<Integer, ? super A> handler) {
        byte[] message = xdr.getBytes();
        if (call.answer(OncrpcReply.parse(call.header().xid(), message))) {
            handler.completed(message.length, attachment);
        } else {
            handler.failed(new IOException(call + " has ended already"), attachment);
        }
    }

    @Override
    public boolean isOpen() {
        return !call.endpoint().closed().toCompletableFuture().isDone();
    }

    @Override
    public InetSocketAddress getLocalSocketAddress() {
        return internet(call.endpoint().localAddress());
    }

    @Override
    public InetSocketAddress getRemoteSocketAddress() {
        return internet(call.peer());
    }

    @Override
    public ReplyQueue getReplyQueue() {
        throw noCallsBack();
    }

    @Override
    public RpcTransport getPeerTransport() {
        throw noCallsBack();
    }

    @Override
    public void startTLS() {
        throw new UnsupportedOperationException("no TLS on " + call.endpoint());
    }

    @Override
    public boolean isTLS() {
        return false;
    }

    @Override
    public String toString() {
        return call.endpoint().toString();
    }

    private static InetSocketAddress internet(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? inet
                : new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static UnsupportedOperationException noCallsBack() {
        return new UnsupportedOperationException(
                "a hosted service cannot call its client; use RpcServer.Builder.callBackClient");
    }
}
