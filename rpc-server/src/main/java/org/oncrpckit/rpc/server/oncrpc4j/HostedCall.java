package org.oncrpckit.rpc.server.oncrpc4j;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.CompletionHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.dcache.oncrpc4j.rpc.OncRpcException;
import org.dcache.oncrpc4j.rpc.RpcAuth;
import org.dcache.oncrpc4j.rpc.RpcAuthTypeNone;
import org.dcache.oncrpc4j.rpc.RpcCall;
import org.dcache.oncrpc4j.rpc.RpcDispatchable;
import org.dcache.oncrpc4j.rpc.RpcException;
import org.dcache.oncrpc4j.xdr.BadXdrOncRpcException;
import org.dcache.oncrpc4j.xdr.XdrAble;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.server.RawCall;
import org.oncrpckit.rpc.server.RawReply;

/**
 * One call as the hosted service sees it. The first reply counts, whichever thread it comes from.
 */
final class HostedCall extends RpcCall {
    private final RawCall call;

    /** Decoding the arguments failed: what the service throws then is the caller's fault. */
    private volatile boolean garbage;

    private volatile @Nullable RpcAuth credential;

    @GuardedBy("this")
    private @Nullable List<CompletionHandler<Integer, InetSocketAddress>> listeners;

    HostedCall(RawCall call) {
        super(
                call.header().xid(),
                call.header().programVersion().program(),
                call.header().programVersion().version(),
                call.header().procedure(),
                new RpcAuthTypeNone(),
                new BoundedXdr(call.arguments().array()),
                new ReplyTransport(call));
        this.call = call;
    }

    /** Runs the service and answers for what it throws. */
    void dispatchTo(RpcDispatchable service) throws Exception {
        try {
            service.dispatchOncRpcCall(this);
        } catch (RpcException e) {
            reject(e.getStatus(), e.getRpcReply());
        } catch (Exception | StackOverflowError | OutOfMemoryError e) {
            if (!garbage && !(e instanceof BadXdrOncRpcException)) {
                throw e;
            }
            failRpcGarbage();
        }
    }

    /** Does nothing: the server has read the header. */
    @Override
    public void accept() {}

    @Override
    public RpcAuth getCredential() {
        RpcAuth known = credential;
        if (known == null) {
            known = HostedCredential.of(call);
            credential = known;
        }
        return known;
    }

    @Override
    public void retrieveCall(XdrAble arguments) throws OncRpcException, IOException {
        try {
            super.retrieveCall(arguments);
        } catch (IOException | RuntimeException | Error e) {
            garbage = true;
            throw e;
        }
    }

    @Override
    public void acceptedReply(int status, XdrAble body) {
        answer(OncrpcReply.accepted(status, body));
    }

    @Override
    public void reject(int status, XdrAble reason) {
        answer(OncrpcReply.denied(status, reason));
    }

    /** As {@link #registerSendOnceListener}: a call has one reply. */
    @Override
    public void registerSendListener(CompletionHandler<Integer, InetSocketAddress> listener) {
        registerSendOnceListener(listener);
    }

    /** Told when the reply was handed over; its size in bytes is not known here and given as 0. */
    @Override
    public synchronized void registerSendOnceListener(
            CompletionHandler<Integer, InetSocketAddress> listener) {
        if (listeners == null) {
            listeners = new ArrayList<>(1);
        }
        listeners.add(listener);
    }

    private void answer(RawReply reply) {
        InetSocketAddress peer = getTransport().getRemoteSocketAddress();
        if (call.answer(reply)) {
            tell(listener -> listener.completed(0, peer));
        } else {
            IOException late = new IOException(call + " has ended already");
            tell(listener -> listener.failed(late, peer));
        }
    }

    private void tell(Consumer<CompletionHandler<Integer, InetSocketAddress>> outcome) {
        List<CompletionHandler<Integer, InetSocketAddress>> told;
        synchronized (this) {
            told = listeners;
            listeners = null;
        }
        if (told != null) {
            told.forEach(outcome);
        }
    }
}
