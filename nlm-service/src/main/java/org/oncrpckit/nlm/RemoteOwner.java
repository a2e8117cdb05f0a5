package org.oncrpckit.nlm;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.oncrpckit.lock.LockOwner;
import org.oncrpckit.lock.SystemId;
import org.oncrpckit.rpc.transport.Transport;
import org.oncrpckit.xdr.Opaque;

/**
 * An owner on a client host, and how it is written into the lock table: the number is the svid, the
 * handle is
 *
 * <pre>
 *  0         1           2        3                   3+length
 * +---------+-----------+--------+-------------------+----------------------+
 * | version | transport | length | server address    | oh (0 to 1024 bytes) |
 * +---------+-----------+--------+-------------------+----------------------+
 * </pre>
 *
 * <p>The client's address is in the system: see {@link ClientHost}.
 *
 * @param route how it comes here
 * @param svid its number on the client, as unsigned bits
 * @param ownerHandle what the client calls it
 */
record RemoteOwner(Route route, int svid, Opaque ownerHandle) {
    private static final int HEADER_BYTES = 3;
    private static final byte UDP = 0;
    private static final byte TCP = 1;
    private static final byte UNIX = 2;

    LockOwner in(SystemId system) {
        byte[] server = route.server().getAddress();
        byte[] handle = new byte[HEADER_BYTES + server.length + ownerHandle.length()];
        handle[0] = (byte) route.version();
        handle[1] = code(route.transport());
        handle[2] = (byte) server.length;
        System.arraycopy(server, 0, handle, HEADER_BYTES, server.length);
        ownerHandle.copyTo(handle, HEADER_BYTES + server.length);
        return LockOwner.of(system, handle, Integer.toUnsignedLong(svid));
    }

    static RemoteOwner of(LockOwner owner) {
        byte[] handle = owner.handle();
        int start = HEADER_BYTES + handle[2];
        try {
            InetAddress server =
                    InetAddress.getByAddress(Arrays.copyOfRange(handle, HEADER_BYTES, start));
            return new RemoteOwner(
                    new Route(server, transport(handle[1]), handle[0]),
                    (int) owner.number(),
                    Opaque.copyOf(Arrays.copyOfRange(handle, start, handle.length)));
        } catch (UnknownHostException e) {
            throw new AssertionError("an address that was one before: " + owner, e);
        }
    }

    private static byte code(Transport transport) {
        return switch (transport) {
            case UDP -> UDP;
            case TCP -> TCP;
            case UNIX -> UNIX;
        };
    }

    private static Transport transport(byte code) {
        return switch (code) {
            case UDP -> Transport.UDP;
            case TCP -> Transport.TCP;
            default -> Transport.UNIX;
        };
    }
}
