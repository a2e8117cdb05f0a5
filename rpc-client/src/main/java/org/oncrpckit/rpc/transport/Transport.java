package org.oncrpckit.rpc.transport;

/** What carries the messages. */
public enum Transport {
    /** One message a datagram; lost, duplicated and reordered at will. */
    UDP,
    /** Record-marked messages over TCP. */
    TCP,
    /** Record-marked messages over a UNIX-domain stream socket. */
    UNIX;

    /** Whether messages arrive in order, once, over a connection. */
    public boolean isStream() {
        return this != UDP;
    }
}
