package org.oncrpckit.rpc.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.transport.Transport;

/**
 * Where a call goes and from which local address.
 *
 * @param transport what carries it
 * @param address the server, port included
 * @param source local address to call from, or null for the one that routing picks
 */
public record RpcTarget(Transport transport, SocketAddress address, @Nullable InetAddress source) {
    /** Checks that nothing is missing and that the address fits the transport. */
    public RpcTarget {
        Objects.requireNonNull(transport, "transport");
        Objects.requireNonNull(address, "address");
        boolean fits =
                transport == Transport.UNIX
                        ? address instanceof UnixDomainSocketAddress
                        : address instanceof InetSocketAddress inet && !inet.isUnresolved();
        if (!fits) {
            throw new IllegalArgumentException(address + " is no address for " + transport);
        }
    }

    /** Over UDP. */
    public static RpcTarget udp(InetSocketAddress address) {
        return new RpcTarget(Transport.UDP, address, null);
    }

    /** Over TCP. */
    public static RpcTarget tcp(InetSocketAddress address) {
        return new RpcTarget(Transport.TCP, address, null);
    }

    /** Over a UNIX-domain socket. */
    public static RpcTarget unix(UnixDomainSocketAddress address) {
        return new RpcTarget(Transport.UNIX, address, null);
    }

    /** The same target, called from this local address. */
    public RpcTarget from(InetAddress localAddress) {
        return new RpcTarget(transport, address, localAddress);
    }
}
