package org.oncrpckit.rpc.client;

/**
 * Counts of one client since it was built; the last four are states. Calls that began equal those
 * that ended, in whichever way, plus those that run.
 *
 * @param calls calls begun, one-way calls included
 * @param succeeded calls that brought results; one-way calls that were sent
 * @param rejected calls that the server rejected
 * @param timedOut calls that had no reply in time
 * @param unreachable calls that could not be sent
 * @param badReplies calls whose results could not be decoded
 * @param closed calls that a broken connection or {@link RpcClient#close} ended
 * @param cancelled calls that their caller ended
 * @param transmissions messages handed to a socket
 * @param retransmissions those among them that were not the first of their call
 * @param repliesUnmatched replies dropped: late, duplicate, unknown xid
 * @param repliesForeign replies dropped: from an address that the call did not go to
 * @param repliesMalformed replies whose header could not be decoded
 * @param connectionsOpened connections established
 * @param connectionsFailed attempts to connect that failed
 * @param running calls that have not ended
 * @param hosts remote addresses that something is remembered of
 * @param connections connections open or being opened
 * @param endpoints UDP sockets that the client has open itself
 */
public record RpcClientStatistics(
        long calls,
        long succeeded,
        long rejected,
        long timedOut,
        long unreachable,
        long badReplies,
        long closed,
        long cancelled,
        long transmissions,
        long retransmissions,
        long repliesUnmatched,
        long repliesForeign,
        long repliesMalformed,
        long connectionsOpened,
        long connectionsFailed,
        int running,
        int hosts,
        int connections,
        int endpoints) {}
