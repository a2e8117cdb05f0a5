package org.oncrpckit.rpc.server;

import java.util.Map;

/**
 * Counts of a server since it was built, and what it holds now. Taken while calls go on, so the
 * numbers need not add up to the last digit.
 *
 * @param callsReceived messages that arrived as calls
 * @param outcomes how they ended; every outcome is there
 * @param lateResults results that came after the call had ended, and were dropped
 * @param repliesNotSent replies that the endpoint did not take
 * @param connectionsAccepted connections served
 * @param connectionsRefused connections closed at once because of a limit
 * @param connectionPauses how often a connection was not read for a while because its peer did not
 *     read its replies
 * @param slowReadersClosed connections closed because their peers read too little for too long, or
 *     more bytes waited for their hosts than may
 * @param connections connections open now
 * @param callsInProgress calls executing or waiting now
 * @param bytesWaiting bytes that wait now, see {@link ByteLimits}
 * @param replyCacheEntries calls remembered now, those in progress included
 * @param replyCacheBytes memory they take, as the cache accounts for it
 * @param replyCacheEvictions replies forgotten early to make room
 */
public record RpcServerStatistics(
        long callsReceived,
        Map<CallOutcome, Long> outcomes,
        long lateResults,
        long repliesNotSent,
        long connectionsAccepted,
        long connectionsRefused,
        long connectionPauses,
        long slowReadersClosed,
        int connections,
        int callsInProgress,
        long bytesWaiting,
        int replyCacheEntries,
        long replyCacheBytes,
        long replyCacheEvictions) {
    /** Copies the map. */
    public RpcServerStatistics {
        outcomes = Map.copyOf(outcomes);
    }

    /** How many calls ended like this. */
    public long count(CallOutcome outcome) {
        return outcomes.getOrDefault(outcome, 0L);
    }
}
