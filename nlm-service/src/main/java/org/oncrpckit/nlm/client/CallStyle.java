package org.oncrpckit.nlm.client;

/** In which of the protocol's two shapes a client asks. */
public enum CallStyle {
    /** Calls and replies. */
    SYNCHRONOUS,
    /**
     * One-way {@code _MSG} calls; answers come as {@code _RES} calls to this host's lock manager.
     * It must be reachable for that (see {@link NlmClient}), or nothing is ever answered. Some old
     * servers know no other shape.
     */
    ONE_WAY
}
