package org.oncrpckit.rpc.transport;

/**
 * Counts of one endpoint since it was opened.
 *
 * @param callsReceived messages given to the receiver of calls
 * @param repliesReceived messages given to the receiver of replies
 * @param unclaimed calls or replies that arrived with no receiver attached
 * @param malformed messages too short for a type, of an unknown type, or truncated
 * @param sent messages handed to the socket or its queue
 * @param notSent messages dropped because of congestion or refusal
 * @param receiverFailures received messages whose receiver threw; each is counted as a call or a
 *     reply too
 */
public record EndpointStatistics(
        long callsReceived,
        long repliesReceived,
        long unclaimed,
        long malformed,
        long sent,
        long notSent,
        long receiverFailures) {}
