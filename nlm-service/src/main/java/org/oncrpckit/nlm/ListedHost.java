package org.oncrpckit.nlm;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Objects;
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
        Instant lastHeard) {
    /** Refuses nulls. */
    public ListedHost {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(callerName, "callerName");
        Objects.requireNonNull(counts, "counts");
        Objects.requireNonNull(lastHeard, "lastHeard");
    }
}
