package org.oncrpckit.rpc.client;

/**
 * What one client holds at the most. A call beyond a limit fails at once with {@link
 * RpcUnreachableException}.
 *
 * @param inFlightPerHost calls over UDP that wait for a reply of one remote address; the congestion
 *     window never grows beyond it
 * @param queuedPerHost calls that wait for their turn behind the window of one remote address, or
 *     for a connection to it
 * @param calls calls that have not ended, of all hosts together
 * @param hosts remote addresses that the client remembers something of
 * @param connections TCP and UNIX-domain connections that the client opens itself
 */
public record ClientLimits(
        int inFlightPerHost, int queuedPerHost, int calls, int hosts, int connections) {
    /** 32 in flight and 1,024 queued a host, 131,072 calls, 65,536 hosts, 1,024 connections. */
    public static final ClientLimits DEFAULT = new ClientLimits(32, 1024, 1 << 17, 1 << 16, 1024);

    /** Checks that every limit is positive. */
    public ClientLimits {
        if (inFlightPerHost < 1 || queuedPerHost < 1 || calls < 1 || hosts < 1 || connections < 1) {
            throw new IllegalArgumentException(
                    "limits %d, %d, %d, %d, %d (expected: all at least 1)"
                            .formatted(inFlightPerHost, queuedPerHost, calls, hosts, connections));
        }
    }

    /** The same with other limits for each host. */
    public ClientLimits withPerHost(int inFlight, int queued) {
        return new ClientLimits(inFlight, queued, calls, hosts, connections);
    }

    /** The same with another limit for all calls together. */
    public ClientLimits withCalls(int max) {
        return new ClientLimits(inFlightPerHost, queuedPerHost, max, hosts, connections);
    }

    /** The same with another limit for remembered hosts. */
    public ClientLimits withHosts(int max) {
        return new ClientLimits(inFlightPerHost, queuedPerHost, calls, max, connections);
    }

    /** The same with another limit for connections. */
    public ClientLimits withConnections(int max) {
        return new ClientLimits(inFlightPerHost, queuedPerHost, calls, hosts, max);
    }
}
