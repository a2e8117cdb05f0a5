package org.oncrpckit.rpc.rpcbind;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.util.Objects;

/**
 * Where this host's rpcbind takes registrations.
 *
 * @param socket its UNIX-domain socket, asked first; there the kernel vouches for who registers
 * @param loopback its loopback address, for systems that have no such socket
 */
public record LocalRpcbind(UnixDomainSocketAddress socket, InetSocketAddress loopback) {
    /** Where it is on Linux and BSD: {@code /run/rpcbind.sock} and port 111 of 127.0.0.1. */
    public static final LocalRpcbind DEFAULT =
            new LocalRpcbind(
                    UnixDomainSocketAddress.of("/run/rpcbind.sock"),
                    new InetSocketAddress(ipv4Loopback(), RpcbindClient.PORT));

    /** Checks that nothing is missing. */
    public LocalRpcbind {
        Objects.requireNonNull(socket, "socket");
        Objects.requireNonNull(loopback, "loopback");
    }

    private static InetAddress ipv4Loopback() {
        try {
            return Inet4Address.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
