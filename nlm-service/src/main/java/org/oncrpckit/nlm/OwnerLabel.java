package org.oncrpckit.nlm;

import java.net.InetAddress;
import java.util.Objects;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.rpc.transport.Transport;
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
     * @param server the address of this host that the client asked
     * @param transport over what
     * @param version of the protocol
     */
    record Remote(
            InetAddress client,
            HostName callerName,
            int svid,
            Opaque ownerHandle,
            InetAddress server,
            Transport transport,
            int version)
            implements OwnerLabel {
        /** Refuses nulls. */
        public Remote {
            Objects.requireNonNull(client, "client");
            Objects.requireNonNull(callerName, "callerName");
            Objects.requireNonNull(ownerHandle, "ownerHandle");
            Objects.requireNonNull(server, "server");
            Objects.requireNonNull(transport, "transport");
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
