package org.oncrpckit.nlm.daemon;

import java.util.List;
import java.util.Optional;
import org.oncrpckit.nlm.StatusCallBack;
import org.oncrpckit.nlm.StatusMonitor;
import org.oncrpckit.nlm.protocol.Nlm;
import org.oncrpckit.nsm.FormerHost;
import org.oncrpckit.nsm.HostMonitor;
import org.oncrpckit.nsm.NsmService;
import org.oncrpckit.nsm.RebootListener;
import org.oncrpckit.nsm.StatdHostMonitor;
import org.oncrpckit.nsm.daemon.StateFolder;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.client.RpcClient;
import org.oncrpckit.rpc.rpcbind.RpcbindClient;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.rpc.server.host.RpcbindMode;
import org.oncrpckit.rpc.server.host.StartupException;
import org.oncrpckit.rpc.server.host.Teardown;
import org.oncrpckit.rpc.transport.RpcPlatform;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The status monitor that the daemon uses: its own, or the host's. With the latter its own one
 * still remembers the clients, serves nothing, and speaks only after a restart of the daemon alone,
 * of which rpc.statd does not hear.
 */
final class Monitoring {
    /** The version in which the monitor calls back; the daemon serves it in each of its own. */
    private static final ProgramVersion CALLED_BACK = new ProgramVersion(Nlm.PROGRAM, 4);

    private static final int CALL_BACK_PROCEDURE = 16;

    private static final Logger LOG = LoggerFactory.getLogger(Monitoring.class);

    private final NsmService own;
    private final Optional<StatdHostMonitor> statd;

    private Monitoring(NsmService own, Optional<StatdHostMonitor> statd) {
        this.own = own;
        this.statd = statd;
    }

    static Monitoring open(
            RpcPlatform platform,
            RpcClient client,
            RpcbindClient rpcbind,
            NlmdSettings settings,
            HostName name,
            Teardown teardown)
            throws StartupException {
        boolean external = settings.statd() == StatdMode.EXTERNAL;
        if (external && settings.rpcbind() == RpcbindMode.NONE) {
            throw new StartupException(
                    "--statd external needs rpcbind, where rpc.statd looks for the daemon: leave"
                            + " --rpcbind none out, or use --statd builtin");
        }
        NsmService own =
                StateFolder.open(
                        settings.stateFolder(),
                        NsmService.builder(platform, client, rpcbind)
                                .serverName(name)
                                .comingBack(settings.grace()),
                        teardown);
        if (!external) {
            return new Monitoring(own, Optional.empty());
        }
        HostMonitor memory = own.monitorFor("lock manager", notice -> {});
        return new Monitoring(
                own,
                Optional.of(
                        new StatdHostMonitor(
                                platform,
                                client,
                                rpcbind,
                                CALLED_BACK,
                                CALL_BACK_PROCEDURE,
                                memory)));
    }

    /** State number and progress of notices, whoever sends them. */
    NsmService own() {
        return own;
    }

    /** What to serve beside the lock manager; nothing where the host has a monitor. */
    Optional<RpcProgram> program() {
        return statd.isPresent() ? Optional.empty() : Optional.of(own.program());
    }

    /** As the lock manager and the relay see it. */
    StatusMonitor statusMonitor() {
        if (statd.isEmpty()) {
            return StatusMonitor.of(own);
        }
        StatdHostMonitor external = statd.get();
        return new StatusMonitor() {
            @Override
            public HostMonitor open(RebootListener listener) {
                return external.monitorFor("lock manager or relay", listener);
            }

            @Override
            public List<FormerHost> formerlyMonitored() {
                return own.formerlyMonitored();
            }
        };
    }

    StatusCallBack statusCallBack() {
        return statd.<StatusCallBack>map(external -> external::stateChanged)
                .orElse(StatusCallBack.NONE);
    }

    /** Has the former clients told of the restart, by whoever does it. */
    void begin() {
        if (statd.isPresent() && own.wasBoot()) {
            own.leaveFormerHosts();
        } else {
            own.notifyFormerHosts();
        }
        statd.ifPresent(
                external ->
                        external.check()
                                .whenComplete(
                                        (nothing, failure) -> {
                                            if (failure != null) {
                                                LOG.warn(
                                                        "locks are refused until it answers: {}",
                                                        failure.getMessage());
                                            }
                                        }));
    }
}
