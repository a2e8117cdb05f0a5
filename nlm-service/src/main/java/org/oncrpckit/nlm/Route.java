package org.oncrpckit.nlm;

import java.net.InetAddress;
import java.util.Objects;
import org.oncrpckit.rpc.transport.Transport;

/**
 * How a client comes here. One owner's name means different owners on different ways: Linux counts
 * svids apart for each.
 *
 * @param server the address of this host that was asked
 * @param transport over what
 * @param version of the protocol
 */
public record Route(InetAddress server, Transport transport, int version) {
    /** Refuses nulls. */
    public Route {
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(transport, "transport");
    }
}
