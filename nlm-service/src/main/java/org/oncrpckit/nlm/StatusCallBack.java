package org.oncrpckit.nlm;

import org.oncrpckit.nsm.protocol.HostStatus;

/**
 * Hears procedure 16: the call-back that a status monitor on this host, such as rpc.statd, makes
 * when a host it was asked to monitor has restarted. Only calls from a loopback address and a
 * privileged port get here, in every version. Called on I/O threads: it must be thread-safe and
 * must not block.
 */
@FunctionalInterface
public interface StatusCallBack {
    /** Nobody uses another status monitor. */
    StatusCallBack NONE = status -> {};

    /**
     * A host has restarted.
     *
     * @param status the host as SM_MON named it, its state number, and the bytes that SM_MON left
     */
    void stateChanged(HostStatus status);
}
