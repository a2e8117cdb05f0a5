package org.oncrpckit.nlm.client;

import java.net.InetAddress;
import java.util.Objects;
import org.oncrpckit.rpc.transport.Transport;

/**
 * A lock manager on another host. To the server the same owner over UDP and over TCP is two owners,
 * so the transport belongs to the identity.
 *
 * @param address of the host
 * @param transport UDP or TCP
 * @param port 1 to 65535, or 0 to ask the host's rpcbind (and ask again when it has moved)
 */
public record NlmServer(InetAddress address, Transport transport, int port) {
    private static final int PORT_MAX = 65_535;

    /** Checks the values. */
    public NlmServer {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(transport, "transport");
        if (transport == Transport.UNIX) {
            throw new IllegalArgumentException(
                    "a UNIX-domain socket reaches no other host (expected: UDP or TCP)");
        }
        if (port < 0 || port > PORT_MAX) {
            throw new IllegalArgumentException(
                    "port " + port + " (expected: 0 to " + PORT_MAX + ")");
        }
    }

    /** Over UDP, at the port that its rpcbind names. */
    public static NlmServer udp(InetAddress address) {
        return new NlmServer(address, Transport.UDP, 0);
    }

    /** Over TCP, at the port that its rpcbind names. */
    public static NlmServer tcp(InetAddress address) {
        return new NlmServer(address, Transport.TCP, 0);
    }

    /** The same at a fixed port, for hosts whose rpcbind cannot be reached. */
    public NlmServer atPort(int fixed) {
        return new NlmServer(address, transport, fixed);
    }
}
