package org.oncrpckit.rpc.server;

import org.oncrpckit.rpc.transport.Timers;
import org.slf4j.LoggerFactory;

/** What every call of a server needs; see each part. */
record ServerParts(
        Timers timers,
        ServerEvents events,
        CallsInProgress inProgress,
        ReplyCache replies,
        ReplySender sender) {
    static ServerParts of(ServerLimits limits, Timers timers, RpcServerListener listener) {
        ServerEvents events =
                new ServerEvents(listener, timers, LoggerFactory.getLogger(RpcServer.class));
        return new ServerParts(
                timers,
                events,
                new CallsInProgress(
                        limits.callsInProgressMax(), limits.callsInProgressPerHostMax()),
                new ReplyCache(limits),
                new ReplySender(limits.replyBytesMax(), events));
    }
}
