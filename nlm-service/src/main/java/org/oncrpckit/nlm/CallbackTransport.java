package org.oncrpckit.nlm;

/** Over what GRANTED goes to a client. */
public enum CallbackTransport {
    /** The transport over which the client locked. */
    SAME_AS_LOCK,
    /** UDP, where the client has registered it; otherwise the transport of the lock. */
    UDP
}
