package org.oncrpckit.rpc.client;

import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.RpcPlatform;

/**
 * Calls any number of remote hosts, from any number of threads, over few endpoints. Replies are
 * matched by xid, remote address and endpoint. A call ends exactly once: with its reply, a
 * rejection, a time-out, cancellation, or the close of the client.
 *
 * <p>Thread-safe. Futures complete on an I/O or timer thread: what depends on them must not block
 * there. Cancelling the future of a call ends the call.
 */
public final class RpcClient implements AutoCloseable {
    private RpcClient() {}

    /** A builder with finite defaults. */
    public static Builder builder(RpcPlatform platform) {
        throw new UnsupportedOperationException("builder " + platform);
    }

    /** Collects the settings of a client. */
    public static final class Builder {
        private Builder() {}

        /** The client. */
        public RpcClient build() {
            return new RpcClient();
        }
    }

    /**
     * Uses an open endpoint, in addition to those that the client opens itself: a UDP socket serves
     * every target whose source is its address (so one privileged port serves any number of hosts,
     * and a server's calls leave from the port it listens on); a connection serves {@link #callOn}.
     * The client never closes it.
     *
     * @throws IllegalStateException when the endpoint has a receiver of replies already
     */
    public void attach(Endpoint endpoint) {
        throw new UnsupportedOperationException("attach " + endpoint);
    }

    /**
     * Calls and brings the results, or fails with an {@link RpcException}.
     *
     * @throws IllegalArgumentException when the arguments cannot be encoded
     */
    public <A, R> CompletableFuture<R> call(
            RpcTarget target, Procedure<A, R> procedure, A arguments, CallOptions options) {
        throw new UnsupportedOperationException("call " + target + procedure + arguments + options);
    }

    /** As {@link #call}, over exactly this endpoint, which must be attached. */
    public <A, R> CompletableFuture<R> callOn(
            Endpoint endpoint,
            SocketAddress peer,
            Procedure<A, R> procedure,
            A arguments,
            CallOptions options) {
        throw new UnsupportedOperationException(
                "call " + endpoint + peer + procedure + arguments + options);
    }

    /**
     * Sends a call that nobody waits for: the future completes when it has been handed to the
     * socket, a reply is dropped, and nothing is left behind.
     */
    public <A> CompletableFuture<Void> send(
            RpcTarget target, Procedure<A, ?> procedure, A arguments, CallOptions options) {
        throw new UnsupportedOperationException("send " + target + procedure + arguments + options);
    }

    /**
     * Calls and waits for the results. Not for I/O threads.
     *
     * @throws RpcException when there are none
     * @throws InterruptedException when interrupted; the call is cancelled
     */
    public <A, R> R callAndWait(
            RpcTarget target, Procedure<A, R> procedure, A arguments, CallOptions options)
            throws RpcException, InterruptedException {
        throw new UnsupportedOperationException("call " + target + procedure + arguments + options);
    }

    /** Ends every call with {@link RpcClosedException} and closes the endpoints it opened. */
    @Override
    public void close() {}
}
