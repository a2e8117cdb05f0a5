package org.oncrpckit.nsm;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.oncrpckit.rpc.transport.Timers;

/**
 * Decides whether a notice of a monitored host is news. A restarted host says the same several
 * times (with its full name, then with the short one, and again when an answer was lost), old
 * datagrams arrive late, and a broken host never stops. Outlives the monitoring of the host: the
 * repetition often arrives when nothing of the host is left. Thread-safe; memory is bounded.
 */
final class NoticeFilter {
    /**
     * How long an older state number than the last is an old datagram: as long as a notifier goes
     * on trying. After that the host has lost its counter, by a new installation say, and counts
     * from 1 again.
     */
    static final Duration STALE = Duration.ofMinutes(15);

    /** How many notices with new state numbers one host may send at once. */
    static final int BURST = 5;

    /** How long until it may send one more. */
    static final Duration REFILL = Duration.ofSeconds(10);

    private final Timers timers;
    private final int hostsMax;

    @GuardedBy("this")
    private final Map<HostKey, LastNotice> last;

    /** The last notice of a host that was news, and how many more it may send. */
    private record LastNotice(int state, long nanos, double allowance) {}

    NoticeFilter(Timers timers, int hostsMax) {
        this.timers = timers;
        this.hostsMax = hostsMax;
        this.last =
                new LinkedHashMap<>(16, 0.75f, true) {
                    private static final long serialVersionUID = 1L;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<HostKey, LastNotice> eldest) {
                        return size() > NoticeFilter.this.hostsMax;
                    }
                };
    }

    /** Whether this is news; if so it is remembered. */
    synchronized boolean accept(InetAddress source, int state) {
        if (state < 0) {
            return false;
        }
        HostKey key = HostKey.of(source);
        long now = timers.nanoTime();
        LastNotice before = last.get(key);
        if (before == null) {
            last.put(key, new LastNotice(state, now, BURST - 1));
            return true;
        }
        long since = now - before.nanos();
        boolean stale = state < before.state() && since < STALE.toNanos();
        double allowance = Math.min(BURST, before.allowance() + (double) since / REFILL.toNanos());
        if (state == before.state() || stale || allowance < 1) {
            return false;
        }
        last.put(key, new LastNotice(state, now, allowance - 1));
        return true;
    }

    /** How many hosts are remembered. */
    synchronized int size() {
        return last.size();
    }
}
