package org.oncrpckit.nlm.daemon;

/** Which status monitor remembers the clients. */
public enum StatdMode {
    /** The daemon is its own. */
    BUILTIN,
    /** The one that this host has already, such as rpc.statd. */
    EXTERNAL
}
