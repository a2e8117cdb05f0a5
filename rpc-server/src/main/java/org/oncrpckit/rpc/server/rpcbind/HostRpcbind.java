package org.oncrpckit.rpc.server.rpcbind;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.rpcbind.LocalRpcbind;
import org.oncrpckit.rpc.server.host.ListenAddresses;
import org.oncrpckit.rpc.server.host.RpcbindMode;
import org.oncrpckit.rpc.server.host.RpcbindRegistrar;
import org.oncrpckit.rpc.server.host.ServicePort;
import org.oncrpckit.rpc.server.host.StartupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rpcbind that a daemon registers with: the host's, or one of its own where the host has none,
 * or none at all. Waits for answers: not for I/O and timer threads. Not thread-safe.
 */
public final class HostRpcbind implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HostRpcbind.class);

    /** What became of it. */
    public enum State {
        /** Registered with the host's rpcbind. */
        SYSTEM,
        /** Registered with the one of this process. */
        EMBEDDED,
        /** Not registered. */
        NONE
    }

    private final RpcbindMode mode;
    private final RpcbindRegistrar registrar;
    private final Optional<EmbeddedRpcbind> embedded;

    /** Why registering makes no sense; empty when it does. */
    private final Optional<String> missing;

    private State state = State.NONE;

    private HostRpcbind(
            RpcbindMode mode,
            RpcbindRegistrar registrar,
            Optional<EmbeddedRpcbind> embedded,
            Optional<String> missing) {
        this.mode = mode;
        this.registrar = registrar;
        this.embedded = embedded;
        this.missing = missing;
    }

    /**
     * Looks for an rpcbind, refuses to start where somebody serves one of our programs already, and
     * opens an rpcbind where one is wanted and there is none. To be called before our own ports are
     * open.
     *
     * @param addresses what an embedded one serves besides loopback
     * @param programs what nobody else may serve here
     * @throws StartupException when the mode cannot be had
     */
    public static HostRpcbind find(
            RpcbindMode mode,
            RpcClient client,
            ListenAddresses addresses,
            List<RpcbindRegistrar.Program> programs)
            throws StartupException, InterruptedException {
        Objects.requireNonNull(addresses, "addresses");
        RpcbindRegistrar registrar = new RpcbindRegistrar(client);
        boolean answers = mode != RpcbindMode.NONE && registrar.refuseIfServed(programs);
        if (answers && mode == RpcbindMode.EMBEDDED) {
            throw new StartupException(
                    "an rpcbind runs on this host already; use it with --rpcbind system, or stop"
                            + " it (systemctl stop rpcbind.socket rpcbind)");
        }
        Optional<EmbeddedRpcbind> embedded = Optional.empty();
        Optional<String> missing = Optional.empty();
        if (!answers && mode != RpcbindMode.NONE) {
            missing = Optional.of("no rpcbind answers on this host");
            if (mode != RpcbindMode.SYSTEM) {
                try {
                    embedded = Optional.of(open(client, addresses));
                    missing = Optional.empty();
                } catch (StartupException e) {
                    missing = Optional.of(missing.get() + ", and " + e.getMessage());
                    if (mode == RpcbindMode.EMBEDDED) {
                        throw e;
                    }
                }
            }
        }
        RpcbindRegistrar used =
                embedded.map(ours -> new RpcbindRegistrar(client, ours.registry()))
                        .orElse(registrar);
        return new HostRpcbind(mode, used, embedded, missing);
    }

    private static EmbeddedRpcbind open(RpcClient client, ListenAddresses addresses)
            throws StartupException {
        EmbeddedRpcbind rpcbind =
                EmbeddedRpcbind.builder(client.platform()).addresses(addresses).open();
        Path socket = LocalRpcbind.DEFAULT.socket().getPath();
        try {
            rpcbind.listen(socket);
        } catch (IOException | UnsupportedOperationException e) {
            LOG.info("rpcbind goes without its UNIX-domain socket: {}", e.getMessage());
        }
        return rpcbind;
    }

    /**
     * Registers services in place of whatever was registered for their programs.
     *
     * @return why they are not registered, where that is allowed; empty when they are, or when no
     *     rpcbind was wanted
     * @throws StartupException when they must be registered and cannot
     */
    public Optional<String> register(List<RpcbindRegistrar.Service> services)
            throws StartupException, InterruptedException {
        if (mode == RpcbindMode.NONE) {
            return Optional.empty();
        }
        Optional<String> refusal = missing;
        if (refusal.isEmpty()) {
            refusal = registrar.register(services).map(RpcbindRegistrar.Refusal::reason);
        }
        if (refusal.isEmpty()) {
            state = embedded.isPresent() ? State.EMBEDDED : State.SYSTEM;
        } else if (mode != RpcbindMode.AUTO) {
            throw new StartupException(
                    refusal.get() + "; start rpcbind, run as root, or use --rpcbind none");
        }
        return refusal;
    }

    /** What became of it. */
    public State state() {
        return state;
    }

    /** The port of an embedded one, to follow addresses too. */
    public Optional<ServicePort> port() {
        return embedded.map(EmbeddedRpcbind::port);
    }

    /** See {@link RpcbindRegistrar#refresh}. */
    public void refresh() throws InterruptedException {
        registrar.refresh();
    }

    /** Takes the registrations back; to be called before the services close. */
    public void unregister() {
        registrar.close();
    }

    /** Takes the registrations back, and closes an embedded one. */
    @Override
    public void close() {
        unregister();
        embedded.ifPresent(EmbeddedRpcbind::close);
    }
}
