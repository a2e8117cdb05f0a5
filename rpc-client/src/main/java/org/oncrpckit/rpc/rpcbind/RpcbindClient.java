package org.oncrpckit.rpc.rpcbind;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.transport.Transport;

/** Asks rpcbind daemons. Thread-safe; every request has a time limit. */
public final class RpcbindClient {
    /** The well-known port. */
    public static final int PORT = 111;

    /**
     * A service that a host has registered.
     *
     * @param programVersion program and version
     * @param netid transport, as in "udp", "tcp6", "local"
     * @param address universal address, as in "127.0.0.1.0.111", or a path for "local"
     * @param owner who registered it; empty where version 2 answered
     */
    public record Registration(
            ProgramVersion programVersion, String netid, String address, String owner) {}

    /** A client that calls over this one. */
    public RpcbindClient(RpcClient client) {
        throw new UnsupportedOperationException("rpcbind");
    }

    /**
     * Where a host serves this version over this transport: IPv4 asks version 2 GETPORT and, where
     * that is refused, 4 then 3; IPv6 asks 4 then 3. Never cached.
     *
     * @param source local address to ask from, or null
     * @return empty when the host says that it is not registered; fails when rpcbind did not answer
     */
    public CompletableFuture<Optional<InetSocketAddress>> lookUp(
            InetAddress host,
            @Nullable InetAddress source,
            ProgramVersion programVersion,
            Transport transport,
            CallOptions options) {
        throw new UnsupportedOperationException(
                "look up " + host + source + programVersion + transport + options);
    }

    /** What is registered on a host. */
    public CompletableFuture<List<Registration>> dump(InetAddress host, CallOptions options) {
        throw new UnsupportedOperationException("dump " + host + options);
    }

    /**
     * Registers a service with this host's rpcbind, over its UNIX-domain socket where there is one
     * and over loopback from a privileged port otherwise.
     *
     * @return false when rpcbind refused: the netid is registered already, or we lack the right
     */
    public CompletableFuture<Boolean> set(Registration registration, CallOptions options) {
        throw new UnsupportedOperationException("set " + registration + options);
    }

    /** Takes all registrations of a version, on all transports, back from this host's rpcbind. */
    public CompletableFuture<Boolean> unset(ProgramVersion programVersion, CallOptions options) {
        throw new UnsupportedOperationException("unset " + programVersion + options);
    }
}
