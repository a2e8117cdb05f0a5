package org.oncrpckit.rpc.server;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.oncrpckit.rpc.transport.Endpoint;

/** The accepted connections that are open, counted against the limits. Thread-safe. */
final class Connections {
    private final int max;
    private final int perHostMax;

    /** In order of arrival, for each host that has any. */
    @GuardedBy("this")
    private final Map<Object, Set<Endpoint>> byHost = new LinkedHashMap<>();

    @GuardedBy("this")
    private int count;

    @GuardedBy("this")
    private boolean closed;

    Connections(ServerLimits limits) {
        max = limits.connections().max();
        perHostMax = limits.connections().perHostMax();
    }

    /**
     * What becomes of a new connection.
     *
     * @param taken whether it counts until {@link #remove}
     * @param toClose the connection to close: the new one, or one that has to make room for it
     */
    record Admission(boolean taken, Optional<Endpoint> toClose) {}

    /**
     * Counts a connection if the limits allow. When all places are taken, the host that has most of
     * them gives its oldest one to a host that has fewer: connections that somebody piles up keep
     * nobody else out.
     */
    synchronized Admission add(Endpoint connection) {
        Object host = hostOf(connection);
        int ofHost = byHost.getOrDefault(host, Set.of()).size();
        if (closed || ofHost >= perHostMax) {
            return new Admission(false, Optional.of(connection));
        }
        Optional<Endpoint> evicted = Optional.empty();
        if (count >= max) {
            Set<Endpoint> most = ofTheHostWithMost();
            if (ofHost + 1 >= most.size()) {
                return new Admission(false, Optional.of(connection));
            }
            evicted = Optional.of(most.iterator().next());
            remove(evicted.get());
        }
        byHost.computeIfAbsent(host, first -> new LinkedHashSet<>()).add(connection);
        count++;
        return new Admission(true, evicted);
    }

    @GuardedBy("this")
    private Set<Endpoint> ofTheHostWithMost() {
        Set<Endpoint> most = Set.of();
        for (Set<Endpoint> each : byHost.values()) {
            if (each.size() > most.size()) {
                most = each;
            }
        }
        return most;
    }

    synchronized void remove(Endpoint connection) {
        Object host = hostOf(connection);
        Set<Endpoint> ofHost = byHost.get(host);
        if (ofHost != null && ofHost.remove(connection)) {
            count--;
            if (ofHost.isEmpty()) {
                byHost.remove(host);
            }
        }
    }

    synchronized int count() {
        return count;
    }

    /** Those of one local address, scope included. */
    synchronized List<Endpoint> at(InetAddress local) {
        return byHost.values().stream()
                .flatMap(Set::stream)
                .filter(
                        connection ->
                                connection.localAddress() instanceof InetSocketAddress inet
                                        && inet.getAddress()
                                                .getHostAddress()
                                                .equals(local.getHostAddress()))
                .toList();
    }

    /** Takes no further ones, and returns those that are open. */
    synchronized List<Endpoint> close() {
        closed = true;
        return byHost.values().stream().flatMap(Set::stream).toList();
    }

    /** All UNIX-domain connections come from one host: this one. */
    private static Object hostOf(Endpoint connection) {
        return connection.peer().orElse(null) instanceof InetSocketAddress inet
                ? inet.getAddress()
                : Connections.class;
    }
}
