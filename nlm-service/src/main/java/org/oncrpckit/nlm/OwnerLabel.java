package org.oncrpckit.nlm;

import java.net.InetAddress;
import java.util.Objects;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.xdr.Opaque;

/** Who holds a lock or waits for one, for people. */
public sealed interface OwnerLabel {
    /**
     * Somebody on a client host.
     *
     * @param client the host's address: its identity
     * @param callerName what the host calls itself; nobody has verified it
     * @param svid the owner's number there, as unsigned bits
     * @param ownerHandle the owner in the host's own words
     * @param route how it comes here
     */
    record Remote(
            InetAddress client, HostName callerName, int svid, Opaque ownerHandle, Route route)
            implements OwnerLabel {
        /** Refuses nulls. */
        public Remote {
            Objects.requireNonNull(client, "client");
            Objects.requireNonNull(callerName, "callerName");
            Objects.requireNonNull(ownerHandle, "ownerHandle");
            Objects.requireNonNull(route, "route");
        }
    }

    /**
     * Somebody on this host.
     *
     * @param owner who
     */
    record Local(LocalOwner owner) implements OwnerLabel {
        /** Refuses null. */
        public Local {
            Objects.requireNonNull(owner, "owner");
        }
    }
}
