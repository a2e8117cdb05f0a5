package org.oncrpckit.rpc.simulation;

import java.time.Duration;
import java.util.Objects;

/**
 * What the network does to what travels one way between two addresses. Datagrams suffer all of it.
 * Connections are reliable: they only feel the delay, and keep their order.
 *
 * @param loss share of datagrams that vanish, 0 to 1
 * @param duplication share of datagrams that arrive twice, each copy with its own delay, 0 to 1
 * @param delayMin shortest time on the way, zero or more
 * @param delayMax longest time on the way; delays are spread evenly between both, so datagrams
 *     overtake each other
 */
public record LinkQuality(double loss, double duplication, Duration delayMin, Duration delayMax) {
    /** Nothing is lost; everything takes 100 microseconds. */
    public static final LinkQuality GOOD =
            new LinkQuality(0, 0, Duration.ofNanos(100_000), Duration.ofNanos(100_000));

    /** Checks the ranges. */
    public LinkQuality {
        Objects.requireNonNull(delayMin, "delayMin");
        if (!(loss >= 0 && loss <= 1 && duplication >= 0 && duplication <= 1)) {
            throw new IllegalArgumentException(
                    "loss " + loss + ", duplication " + duplication + " (expected: 0 to 1 each)");
        }
        if (delayMin.isNegative() || delayMax.compareTo(delayMin) < 0) {
            throw new IllegalArgumentException(
                    "delay " + delayMin + " to " + delayMax + " (expected: 0 <= min <= max)");
        }
    }

    /** The same with another loss. */
    public LinkQuality withLoss(double share) {
        return new LinkQuality(share, duplication, delayMin, delayMax);
    }

    /** The same with another duplication. */
    public LinkQuality withDuplication(double share) {
        return new LinkQuality(loss, share, delayMin, delayMax);
    }

    /** The same with another range of delays. */
    public LinkQuality withDelay(Duration min, Duration max) {
        return new LinkQuality(loss, duplication, min, max);
    }

    /** The same with a constant delay. */
    public LinkQuality withDelay(Duration constant) {
        return withDelay(constant, constant);
    }
}
