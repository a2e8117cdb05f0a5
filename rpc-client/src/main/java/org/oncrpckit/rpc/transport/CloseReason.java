package org.oncrpckit.rpc.transport;

/** Why an endpoint ended. */
public enum CloseReason {
    /** Closed on this side. */
    LOCAL,
    /** The peer closed or reset the connection. */
    PEER,
    /** No message for longer than the idle limit. */
    IDLE,
    /** The peer took nothing of what was sent to it for longer than the stall limit. */
    STALLED,
    /** The peer broke record marking or a limit. */
    PROTOCOL,
    /** The socket failed. */
    FAILURE
}
