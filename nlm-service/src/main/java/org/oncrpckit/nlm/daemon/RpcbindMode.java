package org.oncrpckit.nlm.daemon;

/** Whether the daemon's services are registered with the host's rpcbind. */
enum RpcbindMode {
    /** With the system's rpcbind when it answers and accepts; else not at all, and say so. */
    AUTO,
    /** With the system's rpcbind, or fail. */
    SYSTEM,
    /** Not at all: clients are told the port by other means. */
    NONE
}
