package org.oncrpckit.rpc.server.host;

/** Which rpcbind a daemon's services are registered with. */
public enum RpcbindMode {
    /** With the system's rpcbind when it answers and accepts; else not at all, and say so. */
    AUTO,
    /** With the system's rpcbind, or fail. */
    SYSTEM,
    /** Not at all: clients are told the port by other means. */
    NONE
}
