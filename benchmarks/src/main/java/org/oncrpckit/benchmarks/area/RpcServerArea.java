package org.oncrpckit.benchmarks.area;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.oncrpckit.benchmarks.process.Allocation;
import org.oncrpckit.benchmarks.process.Child;
import org.oncrpckit.benchmarks.process.FreePort;
import org.oncrpckit.benchmarks.process.JavaCommand;
import org.oncrpckit.benchmarks.result.Sample;
import org.oncrpckit.benchmarks.result.Target;
import org.oncrpckit.benchmarks.subject.BareServer;
import org.oncrpckit.benchmarks.subject.KitServer;
import org.oncrpckit.benchmarks.subject.NullProtocol;
import org.oncrpckit.benchmarks.subject.Oncrpc4jServer;

/** Servers that answer nothing, under load from another process. */
public final class RpcServerArea implements Area {
    private static final int[] IN_FLIGHT = {32, 1};
    private static final int[] SWEEP = {1, 4, 16, 64, 256};
    private static final Target[] UDP_TARGETS = {
        new Target.TimesLimit(0.85),
        new Target.TimesPeer(1.0, "libtirpc"),
        new Target.TimesPeer(5, "oncrpc4j")
    };
    private static final Target[] TCP_TARGETS = {
        new Target.TimesPeer(1.0, "libtirpc"), new Target.TimesPeer(1.3, "oncrpc4j")
    };

    @Override
    public String name() {
        return "rpc-server";
    }

    @Override
    public void measure(Session session) throws Exception {
        try (Servers servers = new Servers(session)) {
            for (int inFlight : IN_FLIGHT) {
                compare(session, servers, "UDP", inFlight, UDP_TARGETS);
                compare(session, servers, "TCP", inFlight, TCP_TARGETS);
                compareUnix(session, servers, inFlight);
            }
            compareCache(session, servers);
            allocation(session, servers);
            sweep(session, servers);
        }
    }

    private void compare(
            Session session, Servers servers, String transport, int inFlight, Target... targets)
            throws IOException, InterruptedException {
        String protocol = transport.toLowerCase(Locale.ROOT);
        Contest contest =
                servers.contest(session, transport, inFlight)
                        .peer("oncrpc4j", servers.oncrpc4j(protocol, inFlight))
                        .limit(servers.bare(protocol, inFlight))
                        .run();
        addLoad(session, contest, transport, inFlight, Session.targets(inFlight, targets));
    }

    private void compareUnix(Session session, Servers servers, int inFlight)
            throws IOException, InterruptedException {
        Contest contest =
                Contest.of(session, "rpc-server: UNIX, " + inFlight, servers.kitUnix(inFlight))
                        .limit(servers.bareUnix(inFlight))
                        .run();
        addLoad(session, contest, "UNIX", inFlight);
    }

    private void addLoad(
            Session session, Contest contest, String transport, int inFlight, Target... targets) {
        String what = "%s NULL, %d in flight".formatted(transport, inFlight);
        session.addLoad(this, what, "calls/s", contest, targets);
    }

    private void compareCache(Session session, Servers servers)
            throws IOException, InterruptedException {
        for (String transport : new String[] {"udp", "tcp"}) {
            String what = transport.toUpperCase(Locale.ROOT) + ", 32 in flight, replies kept";
            Contest contest =
                    Contest.of(session, "rpc-server: " + what, servers.kit(transport, 32, 1))
                            .peer("not kept", servers.kit(transport, 32, 0))
                            .run();
            session.add(
                    this,
                    what,
                    "calls/s",
                    contest.compare(Sample::rate),
                    new Target.TimesPeer(0.7, "not kept"));
        }
    }

    private void allocation(Session session, Servers servers)
            throws IOException, InterruptedException {
        try (Allocation allocation =
                Allocation.of(servers.kitPid(), List.of(), session.scratch())) {
            for (String transport : new String[] {"udp", "tcp"}) {
                addAllocation(session, allocation, transport, "", servers.kit(transport, 32, 0));
                addAllocation(
                        session,
                        allocation,
                        transport,
                        ", replies kept",
                        servers.kit(transport, 32, 1));
            }
        }
    }

    private void addAllocation(
            Session session,
            Allocation allocation,
            String transport,
            String suffix,
            Contest.Contestant load)
            throws IOException, InterruptedException {
        session.add(
                this,
                transport.toUpperCase(Locale.ROOT) + " NULL, allocated a call" + suffix,
                "bytes",
                AllocationPerCall.measure(session, allocation, load));
    }

    /** For the chart of latency against load: medians only. */
    private void sweep(Session session, Servers servers) throws IOException, InterruptedException {
        for (int inFlight : SWEEP) {
            Contest contest =
                    servers.contest(session, "UDP", inFlight)
                            .peer("oncrpc4j", servers.oncrpc4j("udp", inFlight))
                            .run(0);
            session.add(
                    this,
                    "UDP NULL, p50 with %d in flight".formatted(inFlight),
                    "µs",
                    contest.compare(Sample::p50));
        }
    }

    /** The processes, all running at once; only the one under load has anything to do. */
    private static final class Servers implements AutoCloseable {
        private final LoadCommand load;
        private final Path kitSocket;
        private final Path bareSocket;
        private final int kitPort = FreePort.find();
        private final int oncrpc4jPort = FreePort.find();
        private final int barePort = FreePort.find();
        private final int tirpcPort = FreePort.find();
        private final Child kit;
        private final Child oncrpc4j;
        private final Child bare;
        private final Optional<Child> tirpc;

        Servers(Session session) throws IOException, InterruptedException {
            Path scratch = session.scratch();
            kitSocket = scratch.resolve("kit.sock");
            bareSocket = scratch.resolve("bare.sock");
            load =
                    LoadCommand.of(session.tools().program("rpcload"))
                            .with("--program", NullProtocol.VERSION.program())
                            .with("--version", NullProtocol.VERSION.version());
            kit =
                    Child.start(
                            "kit-server",
                            scratch,
                            JavaCommand.of(KitServer.class, kitPort, kitSocket));
            oncrpc4j =
                    Child.start(
                            "oncrpc4j-server",
                            scratch,
                            JavaCommand.of(Oncrpc4jServer.class, oncrpc4jPort));
            bare =
                    Child.start(
                            "bare-server",
                            scratch,
                            JavaCommand.of(BareServer.class, barePort, bareSocket));
            tirpc = Tirpc.server(session, tirpcPort);
        }

        Contest contest(Session session, String transport, int inFlight) {
            String protocol = transport.toLowerCase(Locale.ROOT);
            return Contest.of(
                            session,
                            "rpc-server: %s, %d in flight".formatted(transport, inFlight),
                            kit(protocol, inFlight, 0))
                    .peer("libtirpc", tirpc.map(child -> load(protocol, inFlight, tirpcPort)));
        }

        Contest.Contestant kit(String transport, int inFlight, int procedure) {
            return aimed(transport, inFlight, kitPort).with("--procedure", procedure)::run;
        }

        Contest.Contestant oncrpc4j(String transport, int inFlight) {
            return load(transport, inFlight, oncrpc4jPort);
        }

        Contest.Contestant bare(String transport, int inFlight) {
            return load(transport, inFlight, barePort);
        }

        Contest.Contestant kitUnix(int inFlight) {
            return unix(kitSocket, inFlight);
        }

        Contest.Contestant bareUnix(int inFlight) {
            return unix(bareSocket, inFlight);
        }

        private Contest.Contestant unix(Path socket, int inFlight) {
            return load.with("--transport", "unix")
                            .with("--address", socket)
                            .with("--in-flight", inFlight)
                    ::run;
        }

        private Contest.Contestant load(String transport, int inFlight, int port) {
            return aimed(transport, inFlight, port)::run;
        }

        private LoadCommand aimed(String transport, int inFlight, int port) {
            return load.with("--transport", transport)
                    .with("--in-flight", inFlight)
                    .with("--port", port);
        }

        long kitPid() {
            return kit.pid();
        }

        @Override
        public void close() {
            kit.close();
            oncrpc4j.close();
            bare.close();
            tirpc.ifPresent(Child::close);
        }
    }
}
