package org.oncrpckit.rpc.client;

import java.time.Duration;
import org.oncrpckit.rpc.transport.Deadline;

/**
 * Retransmission time-out of one remote address, computed as RFC 6298 has it: smoothed round-trip
 * time with gain 1/8, its mean deviation with gain 1/4, time-out = SRTT + 4 RTTVAR. Times are in
 * nanoseconds. Not thread-safe.
 *
 * <p>Karn's rule: only calls that were sent once are measured, and the time-out that a lost call
 * backed off to stays in force until the next measurement. Without the second half a host that is
 * slower than the time-out would never be measured at all. What stays is bounded by {@link
 * #KEPT_NANOS_MAX}: a host that comes back after an hour must not meet calls that wait half a
 * minute before they are first repeated.
 */
final class RoundTripEstimator {
    /** Shortest time-out: below it a busy server would meet copies of calls it is working on. */
    static final long TIMEOUT_NANOS_MIN = Duration.ofMillis(200).toNanos();

    /** Longest back-off that is handed on from one call to the next. */
    static final long KEPT_NANOS_MAX = Duration.ofSeconds(4).toNanos();

    private boolean measured;
    private long smoothed;
    private long deviation;
    private long backedOff;

    /** Takes the round-trip time of a call that was sent once. */
    void sample(long nanos) {
        long roundTrip = Math.max(0, nanos);
        if (measured) {
            deviation += (Math.abs(smoothed - roundTrip) - deviation) / 4;
            smoothed += (roundTrip - smoothed) / 8;
        } else {
            measured = true;
            smoothed = roundTrip;
            deviation = roundTrip / 2;
        }
        backedOff = 0;
    }

    /** A call was not answered within this interval. */
    void backOff(long interval) {
        backedOff = Math.max(backedOff, Math.min(interval, KEPT_NANOS_MAX / 2) * 2);
    }

    /** How long the next call waits before it is first repeated. */
    long firstInterval(Retransmission policy) {
        long first = Deadline.nanos(policy.first());
        if (!policy.adaptive()) {
            return first;
        }
        long base = measured ? measuredTimeout() : first;
        return Math.min(Math.max(base, backedOff), Deadline.nanos(policy.longest()));
    }

    /** SRTT; zero before the first sample. */
    long smoothed() {
        return smoothed;
    }

    /** RTTVAR; zero before the first sample. */
    long deviation() {
        return deviation;
    }

    /** RTO with its back-off; zero while there is neither. */
    long timeout() {
        return Math.max(measured ? measuredTimeout() : 0, backedOff);
    }

    private long measuredTimeout() {
        return Math.max(TIMEOUT_NANOS_MIN, smoothed + 4 * deviation);
    }
}
