package org.oncrpckit.rpc.client;

import java.util.Objects;
import java.util.function.Predicate;

/**
 * When a broadcast has enough replies, its time limit aside.
 *
 * @param repliesMax most replies, at least 1: the bound on what strangers can make us keep
 * @param enough looks at each reply, on an I/O thread, so it must not block; true ends the
 *     broadcast
 */
public record Gathering<R>(int repliesMax, Predicate<? super BroadcastReply<R>> enough) {
    /** Checks the values. */
    public Gathering {
        Objects.requireNonNull(enough, "enough");
        if (repliesMax < 1) {
            throw new IllegalArgumentException(repliesMax + " replies (expected: at least 1)");
        }
    }

    /** Everything that comes within the time limit, so many replies at the most. */
    public static <R> Gathering<R> upTo(int repliesMax) {
        return new Gathering<>(repliesMax, reply -> false);
    }

    /** Whoever is first. */
    public static <R> Gathering<R> first() {
        return upTo(1);
    }
}
