package org.oncrpckit.nlm;

/** Over what GRANTED goes to a client. */
public enum CallbackTransport {
    /** The transport over which the client locked. */
    SAME,
    /**
     * UDP, where the client has registered it; otherwise the transport of the lock. All calls leave
     * from the port that is listened on, which firewalls and careful clients can know.
     */
    UDP
}
