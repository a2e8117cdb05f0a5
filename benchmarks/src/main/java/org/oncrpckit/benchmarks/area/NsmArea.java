package org.oncrpckit.benchmarks.area;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.oncrpckit.benchmarks.process.Child;
import org.oncrpckit.benchmarks.process.FreePort;
import org.oncrpckit.benchmarks.process.JavaCommand;
import org.oncrpckit.benchmarks.process.LockHost;
import org.oncrpckit.benchmarks.result.Comparison;
import org.oncrpckit.benchmarks.result.Sample;
import org.oncrpckit.benchmarks.result.Target;
import org.oncrpckit.benchmarks.subject.MonitorServer;

/** The status monitor beside rpc.statd: hosts added, each durable, and hosts notified. */
public final class NsmArea implements Area {
    private static final int RPCBIND_PORT = 111;
    private static final int SEQUENTIAL = 50;
    private static final int AT_ONCE = 1_000;
    private static final int NOTIFIED = 10_000;
    private static final int NOTIFIED_QUICK = 500;
    private static final int DEAD_ONE_IN = 10;

    @Override
    public String name() {
        return "nsm";
    }

    @Override
    public void measure(Session session) throws Exception {
        LoadCommand load =
                LoadCommand.of(session.tools().program("rpcload")).with("--work", "monitor");
        Optional<LockHost> host = session.lockHost("neither rpc.statd nor notices to many hosts");
        try {
            adds(session, host, load);
            if (host.isPresent()) {
                notices(session, host.get(), load);
            }
        } finally {
            host.ifPresent(LockHost::close);
        }
    }

    private void adds(Session session, Optional<LockHost> host, LoadCommand anywhere)
            throws IOException, InterruptedException {
        if (host.isPresent() && !host.get().hasStatd()) {
            session.note(
                    "rpc.statd is missing (it is started beside nfs-ganesha) or does not start:"
                            + " its figures are left out");
        }
        int port = FreePort.find();
        Path state = session.freshFolder("nsm-state");
        List<String> enter = host.map(LockHost::enter).orElse(List.of());
        LoadCommand load = anywhere.within(enter);
        try (Child ours = start("monitor-adds", session, enter, port, state, 0)) {
            session.progress("nsm: monitor running " + ours.greeting());
            Optional<LoadCommand> statd =
                    host.filter(LockHost::hasStatd)
                            .map(with -> load.with("--port", LockHost.STATD_PORT));
            AtomicLong names = new AtomicLong();
            Contest one =
                    Contest.of(
                                    session,
                                    "nsm: hosts added one by one",
                                    adding(load.with("--port", port), 1, SEQUENTIAL, names))
                            .peer("rpc.statd", statd.map(l -> adding(l, 1, SEQUENTIAL, names)))
                            .run();
            session.add(
                    this,
                    "monitor adds, one by one, p50",
                    "µs",
                    one.compare(Sample::p50),
                    new Target.AtMost(2_000));
            session.add(this, "monitor adds, one by one", "hosts/s", one.compare(Sample::rate));
            // rpc.statd syncs for each host: it would take minutes.
            Contest many =
                    Contest.of(
                                    session,
                                    "nsm: 1,000 hosts added at once",
                                    adding(load.with("--port", port), AT_ONCE, AT_ONCE, names))
                            .run();
            session.add(this, "monitor adds, 1,000 at once", "hosts/s", many.compare(Sample::rate));
        }
    }

    private static Contest.Contestant adding(
            LoadCommand load, int inFlight, int count, AtomicLong names) {
        return seconds ->
                load.with("--in-flight", inFlight)
                        .with("--count", count)
                        .with("--first", names.getAndAdd(count))
                        .run();
    }

    /** In the client's network, where no other rpcbind is: every address of 127.1 is a host. */
    private void notices(Session session, LockHost host, LoadCommand load)
            throws IOException, InterruptedException {
        int count = session.quick() ? NOTIFIED_QUICK : NOTIFIED;
        int port = FreePort.find();
        Path state = session.freshFolder("nsm-notices");
        List<String> responder = new ArrayList<>(host.enterClient());
        responder.addAll(
                List.of(
                        session.tools().program("rpcanswer").toString(),
                        Integer.toString(RPCBIND_PORT),
                        session.scratch().resolve("hosts.sock").toString(),
                        Integer.toString(DEAD_ONE_IN)));
        session.progress("nsm: notifying %,d hosts".formatted(count));
        try (Child hosts = Child.start("monitored-hosts", session.scratch(), responder)) {
            try (Child before =
                    start("monitor-before", session, host.enterClient(), port, state, 0)) {
                session.progress("nsm: " + before.greeting());
                load.within(host.enterClient())
                        .with("--port", port)
                        .with("--in-flight", AT_ONCE)
                        .with("--count", count)
                        .run();
            }
            int dead = (count + DEAD_ONE_IN - 1) / DEAD_ONE_IN;
            try (Child after =
                    start("monitor-after", session, host.enterClient(), port, state, dead)) {
                double millis = Double.parseDouble(after.greeting().replaceAll("\\D", ""));
                session.progress("nsm: by " + hosts.greeting());
                session.add(
                        this,
                        "%,d hosts, a tenth of them dead: start to the last notice answered"
                                .formatted(count),
                        "s",
                        Comparison.alone(millis / 1e3),
                        new Target.AtMost(60));
            }
        }
    }

    private static Child start(
            String name, Session session, List<String> enter, int port, Path state, int dead)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(enter);
        command.addAll(JavaCommand.of(MonitorServer.class, port, state, dead));
        return Child.start(name, session.scratch(), command);
    }
}
