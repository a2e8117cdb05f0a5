package org.oncrpckit.rpc.client;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Function;

/** A call, or a broadcast, that waits for what arrives with its xid on one channel. */
interface ReplyWaiter extends PendingCalls.Waiter {
    /** Whether a reply from this address may be for it. */
    boolean expects(SocketAddress from);

    /**
     * Takes a reply with its xid: the buffer starts there, and is lent.
     *
     * @return false when the reply is malformed and was not taken
     */
    boolean replied(SocketAddress from, ByteBuffer reply);

    /** Ends it without results, unless it has ended already. */
    void fail(Function<CallTrace, RpcException> why);
}
