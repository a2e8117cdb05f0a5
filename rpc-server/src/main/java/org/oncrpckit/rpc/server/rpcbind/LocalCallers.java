package org.oncrpckit.rpc.server.rpcbind;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.FileSystems;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import org.oncrpckit.rpc.AuthStatus;
import org.oncrpckit.rpc.server.AccessRule;
import org.oncrpckit.rpc.server.CallContext;
import org.oncrpckit.rpc.server.CallRejectedException;
import org.oncrpckit.rpc.transport.PeerCredential;

/**
 * Who may change registrations: root and the user of this process, over a UNIX-domain socket, where
 * the kernel says who they are; and whoever calls from a loopback address and a port below 1024,
 * which takes root to bind. What a credential claims is never looked at.
 */
final class LocalCallers {
    private final Optional<UserPrincipal> root;
    private final Optional<UserPrincipal> ourselves;

    private LocalCallers(Optional<UserPrincipal> root, Optional<UserPrincipal> ourselves) {
        this.root = root;
        this.ourselves = ourselves;
    }

    /** Callers on this host, whose user we are. */
    static LocalCallers ofThisHost() {
        return new LocalCallers(user("root"), user(System.getProperty("user.name", "")));
    }

    private static Optional<UserPrincipal> user(String name) {
        try {
            return Optional.of(
                    FileSystems.getDefault()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByName(name));
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /**
     * The caller as owner of registrations.
     *
     * @throws CallRejectedException when it may change none
     */
    Owner require(CallContext call) throws CallRejectedException {
        Optional<PeerCredential> credential = call.endpoint().peerCredential();
        if (credential.isPresent()) {
            UserPrincipal user = credential.get().user();
            if (root.filter(user::equals).isPresent()) {
                return Owner.SUPERUSER;
            }
            if (ourselves.filter(user::equals).isPresent()) {
                return new Owner(user.getName());
            }
        } else if (isLoopback(call.peer())
                && isLoopback(call.endpoint().localAddress())
                && ((InetSocketAddress) call.peer()).getPort() < AccessRule.PRIVILEGED_PORTS_END) {
            return Owner.SUPERUSER;
        }
        throw new CallRejectedException(AuthStatus.AUTH_TOOWEAK);
    }

    /** Whether the address is one of this host's own, which no remote host can borrow. */
    static boolean isLoopback(SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getAddress().isLoopbackAddress();
    }
}
