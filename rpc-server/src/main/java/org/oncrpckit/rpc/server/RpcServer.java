package org.oncrpckit.rpc.server;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.RpcPlatform;
import org.oncrpckit.rpc.transport.StreamListener;

/**
 * Serves programs on any number of endpoints. Every call gets exactly one reply, error reply or,
 * where the procedure is one-way or the server is overloaded on UDP, none. Thread-safe.
 */
public final class RpcServer implements AutoCloseable {
    private RpcServer() {}

    /** A builder with finite defaults. */
    public static Builder builder(RpcPlatform platform) {
        throw new UnsupportedOperationException(platform.toString());
    }

    /** Collects the settings of a server. */
    public static final class Builder {
        private Builder() {}

        /** Adds a program from the start. */
        public Builder program(RpcProgram program) {
            throw new UnsupportedOperationException();
        }

        /** Accepted connections are attached to this client too, for calls back over them. */
        public Builder callBackClient(RpcClient client) {
            throw new UnsupportedOperationException();
        }

        /** The server; it serves nothing until an endpoint is attached or listened on. */
        public RpcServer build() {
            return new RpcServer();
        }
    }

    /** Adds a program while running; replaces one of the same number. */
    public void addProgram(RpcProgram program) {
        throw new UnsupportedOperationException();
    }

    /** Removes a program; its calls get PROG_UNAVAIL from now on. */
    public void removeProgram(int number) {
        throw new UnsupportedOperationException(Integer.toString(number));
    }

    /** Serves the calls that arrive on an open endpoint; closing it stays the caller's task. */
    public void attach(Endpoint endpoint) {
        throw new UnsupportedOperationException(endpoint.toString());
    }

    /** Listens for connections and serves the calls that arrive on them. */
    public StreamListener listen(SocketAddress local) throws IOException {
        throw new UnsupportedOperationException(local.toString());
    }

    /**
     * Stops: no new calls, those in progress may end within the limit, then listeners and accepted
     * connections are closed. Attached endpoints stay open and answer nothing.
     */
    public void stop(Duration limit) throws InterruptedException {
        throw new UnsupportedOperationException(limit.toString());
    }

    /** Stops without waiting. */
    @Override
    public void close() {}
}
