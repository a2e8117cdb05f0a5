package org.oncrpckit.nlm;

import java.util.List;
import java.util.Objects;
import org.oncrpckit.nsm.FormerHost;
import org.oncrpckit.nsm.HostMonitor;
import org.oncrpckit.nsm.NsmService;
import org.oncrpckit.nsm.RebootListener;

/**
 * What a lock manager, or the relay for lock clients, needs of a status monitor: this process's
 * own, or the host's.
 */
public interface StatusMonitor {
    /**
     * Registers one service. Several may be registered: each hears of the hosts that it wants, and
     * a host is monitored while any of them wants it.
     */
    HostMonitor open(RebootListener listener);

    /** The hosts that were monitored before this start, and may have locks to reclaim. */
    List<FormerHost> formerlyMonitored();

    /** The one inside this process. */
    static StatusMonitor of(NsmService service) {
        Objects.requireNonNull(service, "service");
        return new StatusMonitor() {
            @Override
            public HostMonitor open(RebootListener listener) {
                return service.monitorFor("lock manager", listener);
            }

            @Override
            public List<FormerHost> formerlyMonitored() {
                return service.formerlyMonitored();
            }
        };
    }
}
