package org.oncrpckit.rpc.client;

/** Why a reply that arrived was not given to any call. */
public enum DroppedReply {
    /** No call with its xid waits on the endpoint: late, a duplicate, or made up. */
    UNMATCHED,
    /** A call with its xid waits, but it went to another address. */
    FOREIGN,
    /** Its call waits, but its header cannot be decoded. */
    MALFORMED
}
