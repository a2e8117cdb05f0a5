package org.oncrpckit.nlm.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.rpc.VersionRange;
import org.oncrpckit.rpc.client.CallOptions;
import org.oncrpckit.rpc.client.RpcTarget;
import org.oncrpckit.rpc.rpcbind.PortCache;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.transport.Timers;
import org.oncrpckit.rpc.transport.Transport;

/**
 * Which version each server speaks, and at which port: the highest one that both have. What turns
 * out to be wrong is asked again. Thread-safe.
 */
final class ServerBook {
    private final PortCache ports;

    /** Those that may be spoken, the best first. */
    private final List<NlmVersion> preferred;

    private final Map<NlmServer, NlmVersion> versions = new ConcurrentHashMap<>();

    ServerBook(RpcbindClient rpcbind, Timers timers, Set<NlmVersion> versions) {
        ports = new PortCache(rpcbind, timers);
        preferred =
                versions.stream()
                        .sorted(Comparator.comparing(NlmVersion::number).reversed())
                        .toList();
    }

    /**
     * Where to call, and in which version.
     *
     * @param version a version of the protocol
     * @param target a socket address
     */
    record Place(NlmVersion version, RpcTarget target) {}

    /**
     * Finds a server.
     *
     * @return empty when its host says that it has no lock manager over this transport; fails when
     *     the host does not say
     */
    CompletableFuture<Optional<Place>> find(NlmServer server, Duration limit) {
        NlmVersion known = versions.get(server);
        if (server.port() != 0) {
            InetSocketAddress address = new InetSocketAddress(server.address(), server.port());
            return CompletableFuture.completedFuture(
                    Optional.of(place(server, known == null ? preferred.get(0) : known, address)));
        }
        CallOptions options = CallOptions.DEFAULT.withTimeLimit(limit);
        return known == null
                ? search(server, 0, options)
                : at(server, known, options)
                        .thenApply(
                                found -> {
                                    if (found.isEmpty()) {
                                        versions.remove(server, known);
                                    }
                                    return found;
                                });
    }

    private CompletableFuture<Optional<Place>> search(
            NlmServer server, int index, CallOptions options) {
        if (index == preferred.size()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        NlmVersion version = preferred.get(index);
        return at(server, version, options)
                .thenCompose(
                        found -> {
                            if (found.isEmpty()) {
                                return search(server, index + 1, options);
                            }
                            versions.put(server, version);
                            return CompletableFuture.completedFuture(found);
                        });
    }

    private CompletableFuture<Optional<Place>> at(
            NlmServer server, NlmVersion version, CallOptions options) {
        return ports.lookUp(
                        server.address(),
                        null,
                        version.programVersion(),
                        server.transport(),
                        options)
                .thenApply(found -> found.map(address -> place(server, version, address)));
    }

    private static Place place(NlmServer server, NlmVersion version, InetSocketAddress address) {
        return new Place(version, new RpcTarget(server.transport(), address, null));
    }

    /** Where a host takes answers to the calls of its lock manager. */
    CompletableFuture<Optional<RpcTarget>> findPeer(
            InetAddress host, NlmVersion version, Transport transport, Duration limit) {
        return ports.lookUp(
                        host,
                        null,
                        version.programVersion(),
                        transport,
                        CallOptions.DEFAULT.withTimeLimit(limit))
                .thenApply(found -> found.map(address -> new RpcTarget(transport, address, null)));
    }

    /**
     * The server does not have the version it was called in.
     *
     * @return the one to call it in from now on; empty when it has none that we have
     */
    Optional<NlmVersion> choose(NlmServer server, NlmVersion tried, VersionRange supported) {
        Optional<NlmVersion> best =
                preferred.stream()
                        .filter(each -> each != tried && supported.contains(each.number()))
                        .findFirst();
        best.ifPresent(version -> versions.put(server, version));
        return best;
    }

    /** Whether a server was last called in a version before 4, with fewer words in answers. */
    boolean isNarrow(NlmServer server) {
        return versions.getOrDefault(server, preferred.get(0)) != NlmVersion.V4;
    }

    /** What is known of a server's port may be stale. */
    void doubt(NlmServer server) {
        NlmVersion version = versions.get(server);
        if (version != null) {
            ports.invalidate(server.address(), version.programVersion(), server.transport());
        }
    }

    /** What is known of a host is stale: it has restarted, perhaps as something else. */
    void forget(InetAddress host) {
        ports.invalidate(host);
        versions.keySet().removeIf(server -> server.address().equals(host));
    }
}
