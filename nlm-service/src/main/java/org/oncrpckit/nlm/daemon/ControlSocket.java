package org.oncrpckit.nlm.daemon;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Supplier;
import org.oncrpckit.nlm.NlmService;
import org.oncrpckit.nlm.admin.AdminProgram;
import org.oncrpckit.nlm.admin.ClientProbe;
import org.oncrpckit.nlm.admin.ControlAccess;
import org.oncrpckit.nlm.admin.DaemonStatus;
import org.oncrpckit.nlm.admin.NlmdStateFolder;
import org.oncrpckit.nlm.relay.Relay;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.server.RpcServer;
import org.oncrpckit.rpc.server.host.StartupException;
import org.oncrpckit.rpc.server.host.Teardown;
import org.oncrpckit.rpc.transport.RpcPlatform;

/**
 * Where programs of this host reach the daemon. Lock clients come first, before the daemon serves
 * the network, since they have to make way for it there; {@code nlmctl} is answered when it does.
 */
final class ControlSocket {
    private final RpcPlatform platform;
    private final RpcServer server;
    private final ControlAccess access;

    private ControlSocket(RpcPlatform platform, RpcServer server, ControlAccess access) {
        this.platform = platform;
        this.server = server;
        this.access = access;
    }

    /**
     * Opens it for lock clients.
     *
     * @param client calls them back over their own connections
     * @param stateFolder where it is; this process's own
     * @throws StartupException when it cannot be opened there
     */
    static ControlSocket open(
            RpcPlatform platform,
            RpcClient client,
            Path stateFolder,
            Relay relay,
            Teardown teardown)
            throws StartupException {
        Path socket = NlmdStateFolder.controlSocket(stateFolder);
        RpcServer server = RpcServer.builder(platform).callBackClient(client).build();
        teardown.add(() -> server.stop(Daemon.DRAIN_LIMIT));
        try {
            teardown.add(server.listen(UnixDomainSocketAddress.of(socket)));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            // The socket is the one file that is certainly ours.
            ControlAccess access = ControlAccess.ofOwner(socket);
            server.addProgram(relay.program());
            return new ControlSocket(platform, server, access);
        } catch (IOException e) {
            throw new StartupException(
                    "control socket "
                            + socket
                            + ": "
                            + e.getMessage()
                            + "; choose another folder with --state-dir",
                    e);
        }
    }

    /** Answers {@code nlmctl} from now on. */
    void serve(NlmService locks, Supplier<DaemonStatus> status, ClientProbe probe) {
        server.addProgram(
                new AdminProgram(platform.timers(), locks, access, status, probe).table());
    }

    /** Answers nobody any more; harmless when that is so. */
    void stop() throws InterruptedException {
        server.stop(Daemon.DRAIN_LIMIT);
    }
}
