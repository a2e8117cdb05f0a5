package org.oncrpckit.nlm.client;

import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.rpc.OpaqueAuth;

/**
 * What the client says of itself. Name and state number come with the way in which it is reached,
 * so they may become known after the start. Thread-safe.
 */
final class ClientIdentity {
    private final OpaqueAuth credential;
    private volatile HostName callerName;
    private volatile int state;

    ClientIdentity(HostName callerName, int state, OpaqueAuth credential) {
        this.callerName = callerName;
        this.state = state;
        this.credential = credential;
    }

    HostName callerName() {
        return callerName;
    }

    /** State number of this host's status monitor; 0 when it is not known. */
    int state() {
        return state;
    }

    OpaqueAuth credential() {
        return credential;
    }

    /** The host's lock manager knows better. */
    void learn(HostName name, int number) {
        callerName = name;
        state = number;
    }
}
