package org.oncrpckit.nlm.client;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.oncrpckit.rpc.transport.Timers;

/**
 * Remembers who has given something back lately. A GRANTED call that is on its way meanwhile tells
 * of a lock that is no longer there, and looks just like the one that the same owner's next wait
 * hopes for; so for a while such a call is not believed until the server has been asked. Bounded:
 * when it is full, everybody is remembered. Used inside turns only.
 */
final class Stragglers {
    /** How long a message may be on its way. */
    static final Duration LIFETIME = Duration.ofMinutes(2);

    static final int ENTRIES_MAX = 16_384;

    private final Timers timers;
    private final Map<LaneKey, Long> given = new LinkedHashMap<>();
    private boolean overflowed;
    private long overflowNanos;

    Stragglers(Timers timers) {
        this.timers = timers;
    }

    /** This owner has given something of this file back, or has tried to. */
    void gaveBack(LaneKey key) {
        long now = timers.nanoTime();
        sweep(now);
        given.remove(key);
        given.put(key, now);
        if (given.size() > ENTRIES_MAX) {
            Iterator<LaneKey> oldest = given.keySet().iterator();
            oldest.next();
            oldest.remove();
            overflowed = true;
            overflowNanos = now;
        }
    }

    /** Whether a GRANTED call for this owner and file may tell of what is over. */
    boolean arePossible(LaneKey key) {
        long now = timers.nanoTime();
        sweep(now);
        return given.containsKey(key) || overflowed;
    }

    private void sweep(long now) {
        Iterator<Long> oldest = given.values().iterator();
        while (oldest.hasNext() && now - oldest.next() >= LIFETIME.toNanos()) {
            oldest.remove();
        }
        overflowed = overflowed && now - overflowNanos < LIFETIME.toNanos();
    }
}
