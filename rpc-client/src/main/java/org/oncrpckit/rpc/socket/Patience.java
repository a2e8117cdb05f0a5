package org.oncrpckit.rpc.socket;

import java.time.Duration;

/**
 * How long a connection puts up with its peer; zero means for ever.
 *
 * @param idle without a whole message in either direction
 * @param stall without taking any of what waits for it
 */
record Patience(Duration idle, Duration stall) {
    /** Of the side that connected: it knows best whether it still waits. */
    static final Patience ENDLESS = new Patience(Duration.ZERO, Duration.ZERO);

    /** Of the side that accepted. */
    static Patience of(SocketLimits limits) {
        return new Patience(limits.idle(), limits.stall());
    }
}
