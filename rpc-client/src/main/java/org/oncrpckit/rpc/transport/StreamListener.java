package org.oncrpckit.rpc.transport;

import java.net.SocketAddress;

/** A listening TCP or UNIX-domain socket. Thread-safe. */
public interface StreamListener extends AutoCloseable {
    /** What it listens on. */
    Transport transport();

    /** The bound address, with the real port. */
    SocketAddress localAddress();

    /** Stops accepting; connections accepted before stay. Idempotent. */
    @Override
    void close();
}
