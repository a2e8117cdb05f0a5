package org.oncrpckit.rpc.socket;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.NoRouteToHostException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/** This host's addresses, and the one that routing picks for a peer. Thread-safe. */
final class Routes {
    /** An answer is good for this long: routes change, and rarely. */
    private static final long GOOD_NANOS = 10_000_000_000L;

    /** Answers kept at most. */
    private static final int CACHED_MAX = 4096;

    /** Any port: connecting a datagram socket sends nothing (the discard service). */
    private static final int PORT = 9;

    private record Source(InetAddress address, long asked) {}

    private final LongSupplier nanoTime;

    /** By literal address, which has the scope in it; {@link InetAddress#equals} ignores that. */
    private final ConcurrentMap<String, Source> cache = new ConcurrentHashMap<>();

    Routes(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    static ProtocolFamily family(InetAddress address) {
        return address instanceof Inet4Address
                ? StandardProtocolFamily.INET
                : StandardProtocolFamily.INET6;
    }

    static List<InetAddress> localAddresses() throws IOException {
        List<InetAddress> addresses = new ArrayList<>();
        for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
            if (each.isUp()) {
                each.inetAddresses().forEach(addresses::add);
            }
        }
        return List.copyOf(addresses);
    }

    InetAddress sourceFor(InetAddress remote) throws IOException {
        long now = nanoTime.getAsLong();
        String literal = remote.getHostAddress();
        Source known = cache.get(literal);
        if (known != null && now - known.asked() < GOOD_NANOS) {
            return known.address();
        }
        InetAddress address = ask(remote);
        if (cache.size() >= CACHED_MAX) {
            cache.clear();
        }
        cache.put(literal, new Source(address, now));
        return address;
    }

    private static InetAddress ask(InetAddress remote) throws IOException {
        try (DatagramChannel channel = DatagramChannel.open(family(remote))) {
            if (remote instanceof Inet4Address) {
                // A broadcast address cannot be connected to without.
                channel.setOption(StandardSocketOptions.SO_BROADCAST, true);
            }
            channel.connect(new InetSocketAddress(remote, PORT));
            return ((InetSocketAddress) channel.getLocalAddress()).getAddress();
        } catch (IOException | UnsupportedOperationException e) {
            // The latter where the host has no IPv6.
            NoRouteToHostException failure =
                    new NoRouteToHostException("no route to " + remote + ": " + e.getMessage());
            failure.initCause(e);
            throw failure;
        }
    }
}
