package org.oncrpckit.rpc.client;

import java.util.function.Consumer;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.PortPolicy;
import org.oncrpckit.rpc.transport.RpcPlatform;
import org.oncrpckit.rpc.transport.Timers;

/**
 * What the parts of one client share.
 *
 * @param platform endpoints, time, dice
 * @param limits what the client holds at the most
 * @param ports local ports of what it opens itself
 * @param connections how it treats its connections
 * @param anyReplyAddress whether a reply may come from an address that the call did not go to
 * @param onOpened told of each endpoint that the client opens itself, before it is used
 * @param events counters and the listener
 */
record ClientContext(
        RpcPlatform platform,
        ClientLimits limits,
        PortPolicy ports,
        ConnectionPolicy connections,
        boolean anyReplyAddress,
        Consumer<Endpoint> onOpened,
        ClientEvents events) {
    Timers timers() {
        return platform.timers();
    }

    long nanoTime() {
        return platform.timers().nanoTime();
    }
}
