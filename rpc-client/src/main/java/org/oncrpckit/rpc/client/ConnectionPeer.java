package org.oncrpckit.rpc.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/**
 * A peer at the other end of connections: as many calls at once as the policy says, each sent once,
 * and nothing is estimated.
 */
abstract class ConnectionPeer extends Peer {
    ConnectionPeer(ClientContext context) {
        super(context);
    }

    @Override
    @GuardedBy("this")
    final int window() {
        return context.connections().inFlight();
    }

    @Override
    final long firstInterval(Retransmission policy) {
        return Long.MAX_VALUE;
    }

    @Override
    final void lost(Retransmission policy, long lastSentNanos, long intervalNanos) {
        throw new IllegalStateException("a stream does not retransmit");
    }

    @Override
    final void refused() {
        // The message was too long, or the like: nothing to learn about the peer.
    }
}
