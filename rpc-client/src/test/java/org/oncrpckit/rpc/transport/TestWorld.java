package org.oncrpckit.rpc.transport;

import java.net.SocketAddress;
import java.util.function.BooleanSupplier;

/** Two hosts, or two networks of one host, and a way to wait for what happens between them. */
public interface TestWorld extends AutoCloseable {
    /** Where servers run. */
    Network server();

    /** Where clients run. */
    Network client();

    /** An address for a server's endpoint that nobody uses yet; port 0 where it has a port. */
    SocketAddress serverAddress();

    /** An address for a client's datagram endpoint, port 0. */
    SocketAddress clientAddress();

    /** Whether ports below 1024 may be bound there. */
    boolean allowsPrivilegedPorts();

    /** Waits until the condition holds; fails after some seconds. */
    void await(BooleanSupplier condition);

    /** Waits until what has been sent has surely arrived, if it ever does. */
    void settle();

    @Override
    void close();
}
