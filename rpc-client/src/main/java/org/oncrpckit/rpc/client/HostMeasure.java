package org.oncrpckit.rpc.client;

import java.time.Duration;
import java.util.Objects;

/**
 * What the client has learned about a remote address that it calls over UDP.
 *
 * @param smoothedRoundTrip smoothed round-trip time (RFC 6298, SRTT); zero before the first
 *     measurement
 * @param deviation its mean deviation (RTTVAR)
 * @param timeout first interval of the next adaptive call (RTO, back-off included); zero while
 *     nothing is known and each call's own first interval counts
 * @param window calls that may be in flight
 * @param inFlight calls that are
 * @param queued calls that wait for the window
 */
public record HostMeasure(
        Duration smoothedRoundTrip,
        Duration deviation,
        Duration timeout,
        int window,
        int inFlight,
        int queued) {
    /** Checks that nothing is missing. */
    public HostMeasure {
        Objects.requireNonNull(smoothedRoundTrip, "smoothedRoundTrip");
        Objects.requireNonNull(deviation, "deviation");
        Objects.requireNonNull(timeout, "timeout");
    }
}
