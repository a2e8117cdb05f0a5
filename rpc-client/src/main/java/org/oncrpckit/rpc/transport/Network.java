package org.oncrpckit.rpc.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Opens endpoints: over real sockets, or inside a simulation. Thread-safe. Closing it closes all it
 * opened and ends its threads.
 */
public interface Network extends AutoCloseable {
    /**
     * Binds a UDP socket. A wildcard address answers from whichever address the kernel picks, which
     * multi-homed hosts must avoid: bind each of {@link #localAddresses} instead.
     *
     * @param local address and port; port 0 lets the kernel pick
     * @throws IOException when it cannot be bound; the message names the address
     */
    Endpoint bindDatagram(InetSocketAddress local) throws IOException;

    /**
     * Listens for connections.
     *
     * @param local an {@link InetSocketAddress} (TCP) or a {@link java.net.UnixDomainSocketAddress}
     *     (UNIX)
     * @param accepted called on an I/O thread for every connection, before anything is read from
     *     it: the place to attach receivers. A connection for which it throws is closed
     * @throws IOException when it cannot be bound; the message names the address
     */
    StreamListener listen(SocketAddress local, Consumer<Endpoint> accepted) throws IOException;

    /**
     * Connects. The future completes on an I/O thread or fails with an {@link IOException} that
     * names the address; it does so at the latest when the time limit has passed or the network is
     * closed. Nothing is read from the connection, not even its end, before a receiver is attached
     * or a message sent. Cancelling it, or the time limit, closes the half-open socket.
     *
     * @param local source address, its port may be 0; null lets the kernel pick both
     */
    CompletableFuture<Endpoint> connect(
            SocketAddress remote, @Nullable InetSocketAddress local, Duration timeLimit);

    /**
     * The local address that routing picks for a peer.
     *
     * @throws IOException when there is no route
     */
    InetAddress sourceFor(InetAddress remote) throws IOException;

    /** Addresses of all interfaces that are up, loopback and scoped link-local included. */
    List<InetAddress> localAddresses() throws IOException;

    @Override
    void close();
}
