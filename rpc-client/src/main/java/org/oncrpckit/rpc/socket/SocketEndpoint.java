package org.oncrpckit.rpc.socket;

import java.net.SocketAddress;
import org.oncrpckit.rpc.transport.CloseReason;
import org.oncrpckit.rpc.transport.RateLimitedLog;
import org.oncrpckit.rpc.transport.ReceivingEndpoint;
import org.slf4j.LoggerFactory;

/** What UDP sockets and connections share. */
abstract class SocketEndpoint extends ReceivingEndpoint {
    private static final RateLimitedLog FAILURES =
            new RateLimitedLog(LoggerFactory.getLogger(SocketEndpoint.class));

    SocketEndpoint(SocketAddress local) {
        super(local, failure -> FAILURES.warn("a receiver failed", failure));
    }

    /** Closes, unless it is closed already: the first reason stands. */
    abstract void close(CloseReason reason);

    @Override
    public final void close() {
        close(CloseReason.LOCAL);
    }
}
