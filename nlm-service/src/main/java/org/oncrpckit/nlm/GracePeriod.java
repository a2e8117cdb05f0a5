package org.oncrpckit.nlm;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.transport.Timers;

/**
 * The time after a restart in which locks can only be reclaimed.
 *
 * <p>It ends when its time is over, by hand, or when every host that was monitored before has
 * reclaimed something and for {@link #QUIET} nobody has reclaimed anything more. A host that was
 * told of the restart and has nothing to reclaim cannot be told from a slow one, so it keeps the
 * period at its full length. Thread-safe.
 */
public final class GracePeriod {
    /**
     * How long there must have been no reclaim for an early end: longer than it takes a kernel to
     * repeat one that was lost, which is 10 s.
     */
    public static final Duration QUIET = Duration.ofSeconds(12);

    private final Timers timers;
    private final NlmListener listener;
    private final Object lock = new Object();
    private volatile boolean active;

    @GuardedBy("lock")
    private final Set<HostAddress> unheard = new HashSet<>();

    @GuardedBy("lock")
    private final List<Runnable> afterwards = new ArrayList<>();

    @GuardedBy("lock")
    private long endNanos;

    @GuardedBy("lock")
    private long reclaimedNanos;

    @GuardedBy("lock")
    private Timers.@Nullable Timer timer;

    GracePeriod(Timers timers, NlmListener listener) {
        this.timers = timers;
        this.listener = listener;
    }

    /** Whether locks can only be reclaimed now. */
    public boolean isActive() {
        return active;
    }

    /** What is left of it at the most; zero when it is over. */
    public Duration left() {
        synchronized (lock) {
            return active
                    ? Duration.ofNanos(Math.max(0, endNanos - timers.nanoTime()))
                    : Duration.ZERO;
        }
    }

    /**
     * Ends it now; new locks are given out, and what is not reclaimed can be taken by anybody.
     *
     * @return false when it was over
     */
    public boolean end() {
        return end(NlmListener.GraceEnd.BY_HAND);
    }

    void begin(Duration length, Collection<HostAddress> hosts) {
        Objects.requireNonNull(length, "length");
        if (length.isZero() || hosts.isEmpty()) {
            return;
        }
        synchronized (lock) {
            active = true;
            unheard.addAll(hosts);
            endNanos = timers.nanoTime() + length.toNanos();
            timer = timers.schedule(length, () -> end(NlmListener.GraceEnd.TIME));
        }
        listener.graceBegan(length, hosts.size());
    }

    /** A host has reclaimed a lock. */
    void reclaimed(HostAddress host) {
        if (!active) {
            return;
        }
        synchronized (lock) {
            reclaimedNanos = timers.nanoTime();
            if (unheard.remove(host) && unheard.isEmpty()) {
                timers.schedule(QUIET, this::endIfQuiet);
            }
        }
    }

    /** Runs something when the period is over: now, if it is. */
    void whenOver(Runnable action) {
        synchronized (lock) {
            if (active) {
                afterwards.add(action);
                return;
            }
        }
        action.run();
    }

    private void endIfQuiet() {
        synchronized (lock) {
            if (!active) {
                return;
            }
            long quietNanos = timers.nanoTime() - reclaimedNanos;
            if (quietNanos < QUIET.toNanos()) {
                timers.schedule(QUIET.minusNanos(quietNanos), this::endIfQuiet);
                return;
            }
        }
        end(NlmListener.GraceEnd.ALL_RECLAIMED);
    }

    private boolean end(NlmListener.GraceEnd reason) {
        List<Runnable> actions;
        synchronized (lock) {
            if (!active) {
                return false;
            }
            active = false;
            unheard.clear();
            if (timer != null) {
                timer.cancel();
            }
            actions = List.copyOf(afterwards);
            afterwards.clear();
        }
        listener.graceEnded(reason);
        actions.forEach(Runnable::run);
        return true;
    }
}
