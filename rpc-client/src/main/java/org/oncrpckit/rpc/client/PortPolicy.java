package org.oncrpckit.rpc.client;

/**
 * Which local port the client takes for the endpoints that it opens itself. Endpoints that are
 * {@link RpcClient#attach attached} come with their own.
 */
public sealed interface PortPolicy {
    /** Any free port. */
    PortPolicy EPHEMERAL = new Ephemeral();

    /** The highest free port below 1024, see {@link Privileged}. */
    PortPolicy PRIVILEGED = new Privileged();

    /** Any free port. */
    record Ephemeral() implements PortPolicy {}

    /**
     * One port number for the UDP sockets on all local addresses. Connections take an ephemeral
     * port: a fixed one could hold a single connection to a host, and none right after it closed.
     *
     * @param port 1 to 65535
     */
    record Fixed(int port) implements PortPolicy {
        /** Checks the port. */
        public Fixed {
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("port " + port + " (expected: 1 to 65535)");
            }
        }
    }

    /**
     * The first free port from 1023 down to 512, without those that {@code
     * /etc/bindresvport.blacklist} reserves for other services. Servers that trust a client's
     * kernel ask for it. Binding one takes the right to (CAP_NET_BIND_SERVICE on Linux).
     */
    record Privileged() implements PortPolicy {
        /** Highest port that is tried. */
        public static final int HIGHEST = 1023;

        /** Lowest port that is tried. */
        public static final int LOWEST = 512;
    }
}
