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
import org.oncrpckit.benchmarks.subject.BareClient;
import org.oncrpckit.benchmarks.subject.KitClient;
import org.oncrpckit.benchmarks.subject.Oncrpc4jClient;

/** Clients that call NULL of a fast responder, which is a process of its own, written in C. */
public final class RpcClientArea implements Area {
    private static final int MANY = 1_000;
    private static final String RESPONDER_ADDRESS = "127.1.0.0";

    @Override
    public String name() {
        return "rpc-client";
    }

    @Override
    public void measure(Session session) throws Exception {
        try (Clients clients = new Clients(session)) {
            for (int inFlight : new int[] {32, 1}) {
                compare(
                        session,
                        clients,
                        "UDP",
                        inFlight,
                        new Target.TimesLimit(0.7),
                        new Target.TimesPeer(4, "oncrpc4j"));
                compare(session, clients, "TCP", inFlight, new Target.TimesPeer(1, "oncrpc4j"));
                add(
                        session,
                        Contest.of(
                                        session,
                                        "rpc-client: UNIX, " + inFlight,
                                        clients.kit("unix", inFlight, 1))
                                .run(),
                        "UNIX NULL, %d in flight".formatted(inFlight));
            }
            compareHosts(session, clients);
            allocation(session, clients);
        }
    }

    /** The limit is known over UDP alone. */
    private void compare(
            Session session, Clients clients, String transport, int inFlight, Target... targets)
            throws IOException, InterruptedException {
        String protocol = transport.toLowerCase(Locale.ROOT);
        int processes = inFlight == 1 ? 1 : Runtime.getRuntime().availableProcessors();
        Contest contest =
                Contest.of(
                                session,
                                "rpc-client: %s, %d".formatted(transport, inFlight),
                                clients.kit(protocol, inFlight, 1))
                        .peer("oncrpc4j", clients.oncrpc4j(protocol, inFlight))
                        .peer("libtirpc", clients.tirpc(session, protocol, processes));
        if (transport.equals("UDP")) {
            contest.limit(clients.bare(inFlight, 1));
        }
        String what = "%s NULL, %d in flight".formatted(transport, inFlight);
        add(session, contest.run(), what, Session.targets(inFlight, targets));
    }

    /** One socket, or one connection each, to many hosts; the peer is the same client with one. */
    private void compareHosts(Session session, Clients clients)
            throws IOException, InterruptedException {
        for (int inFlight : new int[] {32, 1}) {
            Contest udp =
                    Contest.of(
                                    session,
                                    "rpc-client: UDP, 1,000 hosts, " + inFlight,
                                    clients.kit("udp", inFlight, MANY))
                            .peer("one host", clients.kit("udp", inFlight, 1))
                            .limit(clients.bare(inFlight, MANY))
                            .run();
            String what = "UDP NULL, 1,000 hosts, %d in flight".formatted(inFlight);
            Target target = new Target.TimesPeer(0.8, "one host");
            add(session, udp, what, Session.targets(inFlight, target));
            Contest tcp =
                    Contest.of(
                                    session,
                                    "rpc-client: TCP, 1,000 hosts, " + inFlight,
                                    clients.kit("tcp", inFlight, MANY))
                            .peer("one host", clients.kit("tcp", inFlight, 1))
                            .run();
            add(session, tcp, "TCP NULL, 1,000 hosts, %d in flight".formatted(inFlight));
        }
    }

    private void add(Session session, Contest contest, String what, Target... targets) {
        session.addLoad(this, what, "calls/s", contest, targets);
    }

    private void allocation(Session session, Clients clients)
            throws IOException, InterruptedException {
        try (Allocation allocation =
                Allocation.of(clients.kit.pid(), List.of(), session.scratch())) {
            for (String transport : List.of("udp", "tcp")) {
                session.add(
                        this,
                        transport.toUpperCase(Locale.ROOT) + " NULL, allocated a call",
                        "bytes",
                        AllocationPerCall.measure(
                                session, allocation, clients.kit(transport, 32, 1)));
            }
        }
    }

    /** The processes, all running at once. */
    private static final class Clients implements AutoCloseable {
        private final int port = FreePort.find();
        private final Child responder;
        private final Child kit;
        private final Child oncrpc4j;
        private final Child bare;

        Clients(Session session) throws IOException, InterruptedException {
            Path scratch = session.scratch();
            Path socket = scratch.resolve("responder.sock");
            responder =
                    Child.start(
                            "responder",
                            scratch,
                            List.of(
                                    session.tools().program("rpcanswer").toString(),
                                    Integer.toString(port),
                                    socket.toString()));
            kit = Child.start("kit-client", scratch, JavaCommand.of(KitClient.class, port, socket));
            oncrpc4j =
                    Child.start(
                            "oncrpc4j-client",
                            scratch,
                            JavaCommand.of(Oncrpc4jClient.class, port, socket));
            bare =
                    Child.start(
                            "bare-client", scratch, JavaCommand.of(BareClient.class, port, socket));
        }

        Contest.Contestant kit(String transport, int inFlight, int hosts) {
            return asked(kit, transport, inFlight, hosts);
        }

        Contest.Contestant oncrpc4j(String transport, int inFlight) {
            return asked(oncrpc4j, transport, inFlight, 1);
        }

        Contest.Contestant bare(int inFlight, int hosts) {
            return asked(bare, "udp", inFlight, hosts);
        }

        Optional<Contest.Contestant> tirpc(Session session, String transport, int processes)
                throws IOException, InterruptedException {
            return Tirpc.client(session, transport, RESPONDER_ADDRESS, port, processes);
        }

        private static Contest.Contestant asked(
                Child client, String transport, int inFlight, int hosts) {
            return seconds ->
                    Sample.parse(
                            client.ask(transport + " " + inFlight + " " + hosts + " " + seconds));
        }

        @Override
        public void close() {
            kit.close();
            oncrpc4j.close();
            bare.close();
            responder.close();
        }
    }
}
