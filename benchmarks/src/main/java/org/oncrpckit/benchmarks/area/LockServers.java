package org.oncrpckit.benchmarks.area;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.oncrpckit.benchmarks.process.Child;
import org.oncrpckit.benchmarks.process.FreePort;
import org.oncrpckit.benchmarks.process.LockHost;

/**
 * The lock managers: nlmd as often as it is needed, and ganesha, all in the network of one {@link
 * LockHost}. Without one (not root) only nlmd, in the network of this machine.
 */
final class LockServers implements AutoCloseable {
    private static final String FILE = "00112233445566778899aabbccddeeff";
    private static final String QUEUE = "ffeeddccbbaa99887766554433221100";
    private static final String LOOPBACK = "127.0.0.1";

    private final Session session;
    private final Optional<LockHost> host;
    private final Map<String, Child> daemons = new HashMap<>();

    private LockServers(Session session, Optional<LockHost> host) {
        this.session = session;
        this.host = host;
    }

    static LockServers start(Session session) throws InterruptedException {
        Optional<LockHost> host = session.lockHost("neither ganesha nor grants");
        if (host.isPresent() && !host.get().hasGanesha()) {
            session.note(
                    "nfs-ganesha is missing (Debian: nfs-ganesha nfs-ganesha-mem nfs-common"
                            + " rpcbind) or does not start: its figures are left out");
        }
        return new LockServers(session, host);
    }

    /** Starts the daemon with a fresh state. */
    LockServer nlmd(String instance, String... options) throws IOException, InterruptedException {
        int port = FreePort.find();
        String listen = host.isPresent() ? LOOPBACK + "," + LockHost.ADDRESS : LOOPBACK;
        Path state = session.freshFolder("nlmd-" + instance);
        // Without env the launcher would look whether it must be built first.
        List<String> command = new ArrayList<>(enter());
        command.addAll(
                List.of(
                        "env",
                        "NLMD_BUILD=never",
                        session.nlmd().toString(),
                        "--listen",
                        listen,
                        "--nlm-port",
                        Integer.toString(port),
                        "--nsm-port",
                        Integer.toString(FreePort.find()),
                        "--rpcbind",
                        "none",
                        "--state-dir",
                        state.toString()));
        command.addAll(List.of(options));
        daemons.put(instance, Child.start("nlmd-" + instance, session.scratch(), command));
        return server("nlmd", port, FILE, QUEUE);
    }

    /** Process number of a daemon: the launchers replace themselves by it. */
    long pid(String instance) {
        Child daemon = daemons.get(instance);
        if (daemon == null) {
            throw new IllegalArgumentException("no daemon " + instance);
        }
        return daemon.pid();
    }

    /** Command that runs another where the lock managers are. */
    List<String> enter() {
        return host.map(LockHost::enter).orElse(List.of());
    }

    Optional<LockServer> ganesha() throws IOException, InterruptedException {
        if (host.isEmpty() || !host.get().hasGanesha()) {
            return Optional.empty();
        }
        Path nfsfile = session.tools().program("nfsfile");
        return Optional.of(
                server(
                        "ganesha",
                        LockHost.GANESHA_PORT,
                        host.get().newFile(nfsfile, "file"),
                        host.get().newFile(nfsfile, "queue")));
    }

    private LockServer server(String name, int port, String file, String queue)
            throws IOException, InterruptedException {
        LoadCommand load = LoadCommand.of(session.tools().program("rpcload"));
        List<String> grants = new ArrayList<>();
        if (host.isPresent()) {
            load = load.within(host.get().enter());
            grants.addAll(host.get().enterClient());
            grants.add(session.tools().program("nlmgrants").toString());
        }
        return new LockServer(name, port, file, queue, load, grants);
    }

    @Override
    public void close() {
        daemons.values().forEach(Child::close);
        host.ifPresent(LockHost::close);
    }
}
