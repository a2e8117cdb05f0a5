package org.oncrpckit.nlm;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.oncrpckit.lock.LockCounts;
import org.oncrpckit.nsm.protocol.HostName;

/**
 * A client host.
 *
 * @param address its identity
 * @param callerName what it called itself last; nobody has verified it
 * @param nsmState its status monitor number, as unsigned bits; 0 when not known
 * @param monitored whether it is remembered across a restart
 * @param counts what it holds and awaits
 * @param unacknowledged grants that it has not answered yet
 * @param unconfirmed locks that it holds according to us and perhaps not according to itself
 * @param aliases its other addresses, where the configuration says that they are one host's
 * @param routes how it has come here; {@link #ROUTES_MAX} of them at the most
 * @param lastHeard when it last asked for something
 */
public record ListedHost(
        InetAddress address,
        HostName callerName,
        int nsmState,
        boolean monitored,
        LockCounts counts,
        int unacknowledged,
        int unconfirmed,
        List<InetAddress> aliases,
        Set<Route> routes,
        Instant lastHeard) {
    /** So many routes of a host are remembered. */
    public static final int ROUTES_MAX = 64;

    /** Refuses nulls. */
    public ListedHost {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(callerName, "callerName");
        Objects.requireNonNull(counts, "counts");
        aliases = List.copyOf(aliases);
        routes = Set.copyOf(routes);
        Objects.requireNonNull(lastHeard, "lastHeard");
    }
}
