package org.oncrpckit.rpc.socket;

import java.security.SecureRandom;
import java.util.function.Function;
import org.oncrpckit.rpc.transport.RpcPlatform;

/**
 * Real sockets, real time, real dice: what clients and servers of a process stand on.
 *
 * <pre>{@code
 * try (SocketPlatform sockets = SocketPlatform.open()) {
 *     RpcClient client = RpcClient.builder(sockets.platform()).build();
 *     ...
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class SocketPlatform implements AutoCloseable {
    private final WheelTimers timers;
    private final SocketNetwork network;
    private final RpcPlatform platform;

    private SocketPlatform(
            WheelTimers timers, Function<SocketNetwork.Builder, SocketNetwork.Builder> settings) {
        this.timers = timers;
        this.network = settings.apply(SocketNetwork.builder(timers)).build();
        this.platform = new RpcPlatform(network, timers, new SecureRandom());
    }

    /** With default settings. */
    public static SocketPlatform open() {
        return open(builder -> builder);
    }

    /** With a network of these settings, as in {@code open(b -> b.selectorThreads(2))}. */
    public static SocketPlatform open(
            Function<SocketNetwork.Builder, SocketNetwork.Builder> settings) {
        WheelTimers timers = new WheelTimers();
        try {
            return new SocketPlatform(timers, settings);
        } catch (RuntimeException e) {
            timers.close();
            throw e;
        }
    }

    /** What clients and servers take. */
    public RpcPlatform platform() {
        return platform;
    }

    /** Closes the network, then the timers. Idempotent. */
    @Override
    public void close() {
        network.close();
        timers.close();
    }
}
