package org.oncrpckit.rpc.server;

import org.oncrpckit.rpc.transport.Timers;
import org.slf4j.LoggerFactory;

/** What every call of a server needs; see each part. */
record ServerParts(
        Timers timers,
        ServerLimits limits,
        ServerEvents events,
        CallsInProgress inProgress,
        HostLoads loads,
        ReplyCache replies,
        ReplySender sender) {
    static ServerParts of(ServerLimits limits, Timers timers, RpcServerListener listener) {
        ServerEvents events =
                new ServerEvents(listener, timers, LoggerFactory.getLogger(RpcServer.class));
        return new ServerParts(
                timers,
                limits,
                events,
                new CallsInProgress(),
                new HostLoads(limits),
                new ReplyCache(limits),
                new ReplySender(limits.replyBytesMax(), events));
    }
}
