package org.oncrpckit.rpc.transport;

import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * What clients and servers stand on: where endpoints come from, what time it is, and dice. One for
 * a whole process; tests take one from a simulation.
 *
 * @param network opens endpoints
 * @param timers time
 * @param random must be thread-safe; xids and cookies come from it
 */
public record RpcPlatform(Network network, Timers timers, RandomGenerator random) {
    /** Checks that nothing is missing. */
    public RpcPlatform {
        Objects.requireNonNull(network, "network");
        Objects.requireNonNull(timers, "timers");
        Objects.requireNonNull(random, "random");
    }
}
