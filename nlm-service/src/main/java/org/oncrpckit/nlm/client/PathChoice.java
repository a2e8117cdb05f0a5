package org.oncrpckit.nlm.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.oncrpckit.nlm.StatusMonitor;
import org.oncrpckit.nsm.HostMonitor;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.server.host.RpcbindMode;
import org.oncrpckit.rpc.transport.RpcPlatform;
import org.oncrpckit.rpc.transport.Timers;

/**
 * How servers reach a client: through this host's daemon where one answers, otherwise at a port of
 * its own, until a daemon answers. Thread-safe.
 */
final class PathChoice {
    /**
     * How often it is looked for a daemon. One that starts waits longer than this until the lock
     * clients of its host have let go of their registrations.
     */
    static final Duration INTERVAL = Duration.ofSeconds(2);

    /**
     * What a client's owner has said.
     *
     * @param relay the daemon's control socket; empty not to look for one
     * @param callerName what the host calls itself, unless the daemon says it
     * @param monitor notices restarts of servers where no daemon does
     * @param port number of a port of its own, 0 for any
     * @param rpcbind whether that is registered
     */
    record Wishes(
            Optional<Path> relay,
            HostName callerName,
            Optional<StatusMonitor> monitor,
            int port,
            RpcbindMode rpcbind) {}

    private final RpcPlatform platform;
    private final RpcClient rpc;
    private final ServerBook book;
    private final ClientCore core;
    private final ClientIdentity identity;
    private final ChosenPath chosen;
    private final Wishes wishes;

    @GuardedBy("this")
    private Timers.@Nullable Timer next;

    @GuardedBy("this")
    private boolean closed;

    PathChoice(
            RpcClient rpc,
            ServerBook book,
            ClientCore core,
            ClientIdentity identity,
            ChosenPath chosen,
            Wishes wishes) {
        this.platform = rpc.platform();
        this.rpc = rpc;
        this.book = book;
        this.core = core;
        this.identity = identity;
        this.chosen = chosen;
        this.wishes = wishes;
    }

    /** Makes the first choice in the background. */
    void begin() {
        if (wishes.relay.isEmpty()) {
            chosen.choose(own());
            return;
        }
        RelayCallBacks daemon =
                new RelayCallBacks(
                        platform,
                        rpc,
                        UnixDomainSocketAddress.of(wishes.relay.get()),
                        core,
                        identity);
        var unused =
                daemon.open()
                        .whenComplete(
                                (done, failure) -> {
                                    if (failure == null) {
                                        chosen.choose(daemon);
                                    } else {
                                        chosen.choose(own());
                                        lookLater(daemon);
                                    }
                                });
    }

    private CallBackPath own() {
        HostMonitor watch =
                wishes.monitor
                        .map(
                                each ->
                                        each.open(
                                                notice ->
                                                        core.serverRebooted(
                                                                notice.address(),
                                                                notice.newState())))
                        .orElse(null);
        if (watch != null) {
            identity.learn(wishes.callerName, watch.state());
        }
        OwnCallBacks own = new OwnCallBacks(platform, wishes.callerName, watch);
        own.open(
                new CallBackProgram(core.callsOfServers(), rpc, book).table(),
                rpc,
                wishes.port,
                wishes.rpcbind);
        return own;
    }

    private void lookLater(RelayCallBacks daemon) {
        synchronized (this) {
            if (!closed) {
                next = platform.timers().schedule(INTERVAL, () -> look(daemon));
                return;
            }
        }
        var unused = daemon.close();
    }

    private void look(RelayCallBacks daemon) {
        var unused =
                daemon.open()
                        .whenComplete(
                                (done, failure) -> {
                                    if (failure == null) {
                                        chosen.choose(daemon);
                                        core.pathChanged();
                                    } else {
                                        lookLater(daemon);
                                    }
                                });
    }

    /** Ends the looking, and the path. */
    CompletionStage<Void> close() {
        synchronized (this) {
            closed = true;
            if (next != null) {
                next.cancel();
            }
        }
        return chosen.close();
    }
}
