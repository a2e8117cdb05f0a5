package org.oncrpckit.rpc.simulation;

import java.net.BindException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who has bound what on one host, for one transport. Guarded by the lock of the network. */
final class PortTable<S> {
    private static final int EPHEMERAL_FIRST = 49_152;
    private static final int EPHEMERAL_LAST = 65_535;

    private record Bound<S>(InetAddress address, S socket) {}

    private final Map<Integer, List<Bound<S>>> ports = new HashMap<>();
    private int nextEphemeral = EPHEMERAL_FIRST;

    /**
     * The address that a socket gets that asks for this one: the same, with a free port instead of
     * port 0.
     */
    InetSocketAddress choose(InetSocketAddress wanted) throws BindException {
        if (wanted.getPort() != 0) {
            if (isTaken(wanted.getAddress(), wanted.getPort())) {
                throw new BindException("cannot bind " + wanted + ": address already in use");
            }
            return wanted;
        }
        for (int tried = 0; tried <= EPHEMERAL_LAST - EPHEMERAL_FIRST; tried++) {
            int port = nextEphemeral;
            nextEphemeral = port == EPHEMERAL_LAST ? EPHEMERAL_FIRST : port + 1;
            if (!isTaken(wanted.getAddress(), port)) {
                return new InetSocketAddress(wanted.getAddress(), port);
            }
        }
        throw new BindException("cannot bind " + wanted + ": no free port");
    }

    void add(InetSocketAddress address, S socket) {
        ports.computeIfAbsent(address.getPort(), port -> new ArrayList<>(1))
                .add(new Bound<>(address.getAddress(), socket));
    }

    void remove(InetSocketAddress address, S socket) {
        List<Bound<S>> bound = ports.get(address.getPort());
        if (bound != null && bound.removeIf(entry -> entry.socket() == socket) && bound.isEmpty()) {
            ports.remove(address.getPort());
        }
    }

    /** The socket that gets what is sent to this address, or null. */
    @Nullable S find(InetAddress address, int port) {
        for (Bound<S> entry : ports.getOrDefault(port, List.of())) {
            if (entry.address().equals(address) || covers(entry.address(), address)) {
                return entry.socket();
            }
        }
        return null;
    }

    private boolean isTaken(InetAddress address, int port) {
        for (Bound<S> entry : ports.getOrDefault(port, List.of())) {
            if (entry.address().equals(address)
                    || covers(entry.address(), address)
                    || covers(address, entry.address())) {
                return true;
            }
        }
        return false;
    }

    /** Whether the first is a wildcard that stands for the second: "::" takes IPv4 too. */
    private static boolean covers(InetAddress wildcard, InetAddress address) {
        return wildcard.isAnyLocalAddress()
                && (wildcard instanceof Inet6Address || address instanceof Inet4Address);
    }
}
