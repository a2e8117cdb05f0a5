package org.oncrpckit.benchmarks.area;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.oncrpckit.benchmarks.process.Allocation;
import org.oncrpckit.benchmarks.process.Commands;
import org.oncrpckit.benchmarks.process.LockHost;
import org.oncrpckit.benchmarks.result.Comparison;
import org.oncrpckit.benchmarks.result.Sample;
import org.oncrpckit.benchmarks.result.Target;

/**
 * {@code bin/nlmd} beside nfs-ganesha's lock manager: locks and unlocks, with and without standing
 * locks, grants, and memory.
 */
public final class NlmArea implements Area {
    private static final String GANESHA = "ganesha";
    private static final String NONE_STANDING = "none standing";
    private static final String TRUSTING = "without a journal";
    private static final long SOME = 10_000;
    private static final long MANY = 1_000_000;
    private static final long MANY_QUICK = 50_000;
    private static final double KIB_IN_MIB = 1024;

    @Override
    public String name() {
        return "nlm";
    }

    @Override
    public void measure(Session session) throws Exception {
        long many = session.quick() ? MANY_QUICK : MANY;
        try (LockServers servers = LockServers.start(session)) {
            LockServer empty = servers.nlmd("empty");
            LockServer full = servers.nlmd("full");
            Optional<LockServer> ganesha = servers.ganesha();
            compareEmpty(session, empty, ganesha);
            allocation(session, empty, servers);
            grants(session, empty, ganesha);
            journal(session, servers.nlmd("verify", "--reclaim", "verify"), empty);
            session.progress("nlm: taking %,d locks".formatted(many));
            Sample filled = full.stand(many).run();
            session.add(
                    this,
                    "UDP, taking %,d locks, an owner each".formatted(many),
                    "operations/s",
                    Comparison.alone(filled.rate()));
            compareFull(session, empty, full, many);
            session.add(
                    this,
                    "resident memory with %,d locks".formatted(many),
                    "MiB",
                    Comparison.alone(residentMib(servers.pid("full"))),
                    new Target.AtMost(800));
            compareSome(session, empty, ganesha);
        }
    }

    private void compareEmpty(Session session, LockServer ours, Optional<LockServer> ganesha)
            throws IOException, InterruptedException {
        for (String transport : List.of("udp", "tcp")) {
            for (int inFlight : new int[] {32, 1}) {
                String what = describe(transport, inFlight) + ", none standing";
                Contest contest =
                        Contest.of(session, "nlm: " + what, ours.pairs(transport, inFlight, 0))
                                .peer(GANESHA, ganesha.map(s -> s.pairs(transport, inFlight, 0)))
                                .run();
                double factor = transport.equals("udp") ? 5 : 3;
                add(
                        session,
                        contest,
                        what,
                        Session.targets(inFlight, new Target.TimesPeer(factor, GANESHA)));
            }
        }
    }

    private void compareSome(Session session, LockServer ours, Optional<LockServer> ganesha)
            throws IOException, InterruptedException {
        session.progress("nlm: taking %,d locks".formatted(SOME));
        ours.stand(SOME).run();
        // Ganesha looks at every lock for each new one: this takes a while.
        if (ganesha.isPresent()) {
            ganesha.get().stand(SOME).run();
        }
        for (String transport : List.of("udp", "tcp")) {
            for (int inFlight : new int[] {32, 1}) {
                String what = describe(transport, inFlight) + ", %,d standing".formatted(SOME);
                Contest contest =
                        Contest.of(session, "nlm: " + what, ours.pairs(transport, inFlight, SOME))
                                .peer(GANESHA, ganesha.map(s -> s.pairs(transport, inFlight, SOME)))
                                .run();
                add(
                        session,
                        contest,
                        what,
                        Session.targets(inFlight, new Target.TimesPeer(100, GANESHA)));
            }
        }
    }

    private void compareFull(Session session, LockServer empty, LockServer full, long many)
            throws IOException, InterruptedException {
        for (String transport : List.of("udp", "tcp")) {
            for (int inFlight : new int[] {32, 1}) {
                String what = describe(transport, inFlight) + ", %,d standing".formatted(many);
                Contest contest =
                        Contest.of(session, "nlm: " + what, full.pairs(transport, inFlight, many))
                                .peer(NONE_STANDING, empty.pairs(transport, inFlight, 0))
                                .run();
                add(
                        session,
                        contest,
                        what,
                        Session.targets(inFlight, new Target.TimesPeer(0.7, NONE_STANDING)));
            }
        }
    }

    private void add(Session session, Contest contest, String what, Target... targets) {
        session.addLoad(this, what, "operations/s", contest, targets);
    }

    private void allocation(Session session, LockServer ours, LockServers servers)
            throws IOException, InterruptedException {
        try (Allocation allocation =
                Allocation.of(servers.pid("empty"), servers.enter(), session.scratch())) {
            for (String transport : List.of("udp", "tcp")) {
                Comparison operation =
                        AllocationPerCall.measure(
                                session, allocation, ours.pairs(transport, 32, 0));
                session.add(
                        this,
                        transport.toUpperCase(Locale.ROOT)
                                + ", allocated for a LOCK and its UNLOCK",
                        "bytes",
                        Comparison.alone(2 * operation.ours().median()),
                        new Target.AtMost(1024));
            }
        }
    }

    /** What it costs to write down every lock and unlock. */
    private void journal(Session session, LockServer verifying, LockServer trusting)
            throws IOException, InterruptedException {
        for (int inFlight : new int[] {32, 1}) {
            String what = describe("udp", inFlight) + ", with --reclaim verify";
            Contest contest =
                    Contest.of(session, "nlm: " + what, verifying.pairs("udp", inFlight, 0))
                            .peer(TRUSTING, trusting.pairs("udp", inFlight, 0))
                            .run();
            add(session, contest, what);
        }
    }

    private void grants(Session session, LockServer ours, Optional<LockServer> ganesha)
            throws IOException, InterruptedException {
        if (ours.grants().isEmpty()) {
            return;
        }
        for (int waiters : session.quick() ? new int[] {1} : new int[] {1, 1_000}) {
            String what = "UNLOCK to GRANTED, %,d waiting".formatted(waiters);
            Contest contest =
                    Contest.of(session, "nlm: " + what, waiting(ours, waiters))
                            .peer(GANESHA, ganesha.map(server -> waiting(server, waiters)))
                            .run();
            session.addLatencies(this, what, contest);
        }
    }

    private static Contest.Contestant waiting(LockServer server, int waiters) {
        return seconds -> {
            List<String> command = new ArrayList<>(server.grants());
            command.addAll(
                    List.of(
                            LockHost.ADDRESS,
                            Integer.toString(server.port()),
                            LockHost.CLIENT,
                            server.queue(),
                            Integer.toString(waiters),
                            Double.toString(seconds)));
            return Sample.parse(Commands.run(command));
        };
    }

    private static String describe(String transport, int inFlight) {
        return "%s, %d in flight".formatted(transport.toUpperCase(Locale.ROOT), inFlight);
    }

    private static double residentMib(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / KIB_IN_MIB;
            }
        }
        throw new IOException("no VmRSS of process " + pid);
    }
}
