package org.oncrpckit.nsm;

import java.net.InetAddress;
import java.util.Objects;
import org.oncrpckit.nsm.protocol.HostName;

/**
 * A host to monitor, in one of the ways in which it knows this host. A host that uses two service
 * addresses is monitored once for each, and hears from both after a restart.
 *
 * @param address where the host calls from and is notified at: its identity
 * @param name what it calls itself; a label, and the first one stays
 * @param localAddress the service address that the host uses; notices leave from it. The wildcard
 *     stands for the address that routing picks
 * @param localName what the host calls this host: the name in the notices
 */
public record MonitoredHost(
        InetAddress address, HostName name, InetAddress localAddress, HostName localName) {
    /** Checks that nothing is missing. */
    public MonitoredHost {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(localAddress, "localAddress");
        Objects.requireNonNull(localName, "localName");
        if (!isAddressOfAHost(address)) {
            throw new IllegalArgumentException(address + " is not the address of a host");
        }
    }

    /** Whether one host, and not everybody or whoever answers, may have this address. */
    static boolean isAddressOfAHost(InetAddress address) {
        return !address.isAnyLocalAddress() && !address.isMulticastAddress();
    }
}
