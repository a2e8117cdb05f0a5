package org.oncrpckit.rpc.server.host;

import java.io.IOException;
import java.net.InetAddress;

/**
 * Told how a {@link ServicePort} follows the addresses of its host; every method does nothing
 * unless overridden. Called on the thread of the {@link AddressWatch}, under no lock. What it
 * throws is logged and has no effect. The same is logged at INFO and WARN.
 */
public interface ServicePortListener {
    /** Wants to know nothing. */
    ServicePortListener NONE = new ServicePortListener() {};

    /** An address has appeared and is served from now on. */
    default void addressAdded(ServicePort port, InetAddress address) {}

    /** An address has vanished; its sockets and connections are closed. */
    default void addressRemoved(ServicePort port, InetAddress address) {}

    /**
     * An address has appeared and cannot be served; it is tried again as long as it is there. Told
     * once for each time that it appears.
     */
    default void addressNotServed(ServicePort port, InetAddress address, IOException reason) {}
}
