package org.oncrpckit.nlm.admin;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Objects;
import org.oncrpckit.rpc.AuthStatus;
import org.oncrpckit.rpc.server.CallContext;
import org.oncrpckit.rpc.server.CallRejectedException;
import org.oncrpckit.rpc.transport.PeerCredential;

/**
 * Who may use the control socket: the daemon's own user and root. The kernel says who is at the
 * other end (SO_PEERCRED), so this holds whatever the modes of the socket and its folder are.
 *
 * @param daemon the user that the daemon runs as
 * @param root user number 0
 */
public record ControlAccess(UserPrincipal daemon, UserPrincipal root) {
    /** Refuses nulls. */
    public ControlAccess {
        Objects.requireNonNull(daemon, "daemon");
        Objects.requireNonNull(root, "root");
    }

    /**
     * For the user that owns a file which this process has made.
     *
     * @throws IOException if the owner cannot be found out
     */
    public static ControlAccess ofOwner(Path ownFile) throws IOException {
        return new ControlAccess(
                Files.getOwner(ownFile),
                FileSystems.getDefault()
                        .getUserPrincipalLookupService()
                        .lookupPrincipalByName("0"));
    }

    /**
     * Lets a caller in.
     *
     * @return who it is
     * @throws CallRejectedException AUTH_TOOWEAK for everybody else, and where the kernel does not
     *     say who it is
     */
    UserPrincipal check(CallContext call) throws CallRejectedException {
        UserPrincipal user =
                call.endpoint()
                        .peerCredential()
                        .map(PeerCredential::user)
                        .orElseThrow(() -> new CallRejectedException(AuthStatus.AUTH_TOOWEAK));
        if (!user.equals(daemon) && !user.equals(root)) {
            throw new CallRejectedException(AuthStatus.AUTH_TOOWEAK);
        }
        return user;
    }
}
