package org.oncrpckit.nlm;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.rpc.AuthStatus;
import org.oncrpckit.rpc.CallHeader;
import org.oncrpckit.rpc.OpaqueAuth;
import org.oncrpckit.rpc.server.CallContext;
import org.oncrpckit.rpc.server.CallRejectedException;
import org.oncrpckit.rpc.transport.Transport;

/**
 * Who called lately, so that who calls is not found out anew in each call. Keeps {@link #KEPT} of
 * them, each with a credential of 400 bytes at the most; a new one takes the place of the one in
 * its slot. Thread-safe, without a lock: what it keeps is immutable, and what a race loses is made
 * anew.
 */
final class Callers {
    /** Users of hosts that are at work at one time, about; a power of two. */
    static final int KEPT = 512;

    /** Addresses as the transport has them: before they are made plain. */
    private record Entry(InetAddress from, InetAddress to, Caller caller) {
        boolean is(
                InetAddress peer,
                InetAddress local,
                Transport transport,
                int version,
                OpaqueAuth credential) {
            return same(from, peer)
                    && same(to, local)
                    && caller.route().transport() == transport
                    && caller.route().version() == version
                    && caller.credential().equals(credential);
        }
    }

    private final @Nullable Entry[] slots = new Entry[KEPT];

    /**
     * Reads a call.
     *
     * @throws CallRejectedException when it did not come over a network
     */
    Caller of(CallContext call) throws CallRejectedException {
        if (!(call.peer() instanceof InetSocketAddress peer)
                || !(call.endpoint().localAddress() instanceof InetSocketAddress local)) {
            throw new CallRejectedException(AuthStatus.AUTH_TOOWEAK);
        }
        CallHeader header = call.header();
        return get(
                peer.getAddress(),
                local.getAddress(),
                call.endpoint().transport(),
                header.programVersion().version(),
                header.credential());
    }

    /** The caller with these marks: the one that was made before, or a new one. */
    Caller get(
            InetAddress peer,
            InetAddress local,
            Transport transport,
            int version,
            OpaqueAuth credential) {
        int slot = slot(peer, version, credential);
        Entry known = slots[slot];
        if (known == null || !known.is(peer, local, transport, version, credential)) {
            Route route = new Route(HostAddress.plain(local), transport, version);
            known = new Entry(peer, local, new Caller(HostAddress.of(peer), route, credential));
            slots[slot] = known;
        }
        return known.caller;
    }

    private static int slot(InetAddress peer, int version, OpaqueAuth credential) {
        int hash = (peer.hashCode() * 31 + credential.hashCode()) * 31 + version;
        hash ^= hash >>> 18;
        return (hash ^ (hash >>> 9)) & (KEPT - 1);
    }

    /** To the JDK, one link-local address on two interfaces is one address. */
    private static boolean same(InetAddress one, InetAddress other) {
        return one.equals(other)
                && (!(one instanceof Inet6Address six)
                        || six.getScopeId() == ((Inet6Address) other).getScopeId());
    }
}
