package org.oncrpckit.rpc.server;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.oncrpckit.rpc.transport.Endpoint;

/** The accepted connections that are open, counted against the limits. Thread-safe. */
final class Connections {
    private final int max;
    private final int perHostMax;

    @GuardedBy("this")
    private final Set<Endpoint> open = new HashSet<>();

    @GuardedBy("this")
    private final Map<Object, Integer> byHost = new HashMap<>();

    @GuardedBy("this")
    private boolean closed;

    Connections(ServerLimits limits) {
        max = limits.connectionsMax();
        perHostMax = limits.connectionsPerHostMax();
    }

    /** Whether the connection is within the limits; if so it counts until {@link #remove}. */
    synchronized boolean add(Endpoint connection) {
        Object host = hostOf(connection);
        int ofHost = byHost.getOrDefault(host, 0);
        if (closed || open.size() >= max || ofHost >= perHostMax) {
            return false;
        }
        open.add(connection);
        byHost.put(host, ofHost + 1);
        return true;
    }

    synchronized void remove(Endpoint connection) {
        if (open.remove(connection)) {
            byHost.computeIfPresent(
                    hostOf(connection), (host, count) -> count == 1 ? null : count - 1);
        }
    }

    synchronized int count() {
        return open.size();
    }

    /** Those of one local address, scope included. */
    synchronized List<Endpoint> at(InetAddress local) {
        return open.stream()
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
        return List.copyOf(open);
    }

    /** All UNIX-domain connections come from one host: this one. */
    private static Object hostOf(Endpoint connection) {
        return connection.peer().orElse(null) instanceof InetSocketAddress inet
                ? inet.getAddress()
                : Connections.class;
    }
}
