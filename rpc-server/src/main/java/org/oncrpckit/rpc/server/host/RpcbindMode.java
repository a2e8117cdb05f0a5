package org.oncrpckit.rpc.server.host;

/** Which rpcbind a daemon's services are registered with. */
public enum RpcbindMode {
    /**
     * With the system's rpcbind when it answers and accepts; with one of our own where none answers
     * and its port can be had; else not at all, and say so.
     */
    AUTO,
    /** With the system's rpcbind, or fail. */
    SYSTEM,
    /** With one of our own, or fail. */
    EMBEDDED,
    /** Not at all: clients are told the port by other means. */
    NONE
}
