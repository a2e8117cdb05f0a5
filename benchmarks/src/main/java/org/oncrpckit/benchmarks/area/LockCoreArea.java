package org.oncrpckit.benchmarks.area;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.oncrpckit.benchmarks.lock.Footprint;
import org.oncrpckit.benchmarks.lock.HeldInList;
import org.oncrpckit.benchmarks.lock.HeldLocks;
import org.oncrpckit.benchmarks.lock.Queue;
import org.oncrpckit.benchmarks.lock.ReleaseSystem;
import org.oncrpckit.benchmarks.lock.TwoThreads;
import org.oncrpckit.benchmarks.process.Commands;
import org.oncrpckit.benchmarks.process.JavaCommand;
import org.oncrpckit.benchmarks.result.Comparison;
import org.oncrpckit.benchmarks.result.Sample;
import org.oncrpckit.benchmarks.result.Series;
import org.oncrpckit.benchmarks.result.Target;
import org.openjdk.jmh.runner.RunnerException;

/** The lock core inside one JVM, beside a plain list and Linux' own locks. */
public final class LockCoreArea implements Area {
    private static final String PAIRS = "pairs/s";
    private static final String[] HELD = {"0", "1000", "10000", "100000"};
    private static final String HELD_MOST = "1000000";
    private static final String[] HELD_QUICK = {"0", "1000"};
    private static final String[] WAITING = {"1000", "10000", "100000"};
    private static final Map<String, String> LAYOUTS =
            Map.of(
                    "ONE_OWNER", "one owner, one file",
                    "OWNER_EACH", "an owner each, one file",
                    "FILE_EACH", "a file each");
    private static final Map<String, Double> BYTES_MAX =
            Map.of(
                    "held lock, one owner", 150.0,
                    "held lock, an owner each", 300.0,
                    "file with one lock", 500.0,
                    "waiting request on one range, an owner each", 400.0);

    @Override
    public String name() {
        return "lock-core";
    }

    @Override
    public void measure(Session session) throws Exception {
        heldLocks(session);
        peers(session);
        twoThreads(session);
        footprint(session);
        if (!session.quick()) {
            queues(session);
            release(session);
        }
    }

    private void heldLocks(Session session) throws RunnerException {
        session.progress("lock-core: pairs among held locks");
        List<JmhRun.Score> scores =
                new ArrayList<>(
                        JmhRun.of(HeldLocks.class)
                                .with("held", session.quick() ? HELD_QUICK : HELD)
                                .iterations(3, session.rounds(), 0.4)
                                .run());
        if (!session.quick()) {
            // It takes seconds until all is compiled, and counts where in memory things have come
            // to lie: from one JVM to the next, half as much again.
            scores.addAll(
                    JmhRun.of(HeldLocks.class)
                            .with("held", HELD_MOST)
                            .forks(3)
                            .iterations(5, session.rounds(), 1)
                            .run());
        }
        for (JmhRun.Score score : scores) {
            String held = score.parameter("held");
            Target[] targets =
                    switch (held) {
                        case "0" -> new Target[] {new Target.AtLeast(2_000_000)};
                        case HELD_MOST -> new Target[] {new Target.AtLeast(600_000)};
                        default -> new Target[0];
                    };
            session.add(
                    this,
                    "pair, %,d held, %s"
                            .formatted(
                                    Long.parseLong(held), LAYOUTS.get(score.parameter("layout"))),
                    PAIRS,
                    new Comparison(score.values(), Map.of(), null),
                    targets);
        }
    }

    private void peers(Session session) throws IOException, InterruptedException {
        Path ofd = session.tools().program("ofd_locks");
        for (String held : session.quick() ? HELD_QUICK : new String[] {"0", "1000", "10000"}) {
            String what = "pair beside peers, %,d held".formatted(Long.parseLong(held));
            Contest contest =
                    Contest.of(
                                    session,
                                    "lock-core: " + what,
                                    jmh(HeldLocks.class, held, "OWNER_EACH"))
                            .peer("plain list", jmh(HeldInList.class, held, ""))
                            .peer("Linux fcntl", seconds -> fcntl(ofd, held, seconds))
                            .run(0);
            session.add(this, what, PAIRS, contest.compare(Sample::rate));
        }
    }

    private static Contest.Contestant jmh(Class<?> benchmark, String held, String layout) {
        return seconds -> {
            try {
                JmhRun run = JmhRun.of(benchmark).with("held", held).iterations(2, 1, 0.4);
                if (!layout.isEmpty()) {
                    run.with("layout", layout);
                }
                return Sample.ofRate(run.runOne().values().median());
            } catch (RunnerException e) {
                throw new IOException(e);
            }
        };
    }

    private static Sample fcntl(Path program, String held, double seconds)
            throws IOException, InterruptedException {
        return Sample.parse(
                Commands.run(List.of(program.toString(), held, Double.toString(seconds))));
    }

    private void twoThreads(Session session) throws RunnerException {
        Series values =
                JmhRun.of(TwoThreads.class).iterations(3, session.rounds(), 0.4).runOne().values();
        session.add(
                this,
                "two threads, a file each, together",
                PAIRS,
                new Comparison(values, Map.of(), null));
    }

    private void footprint(Session session) throws IOException, InterruptedException {
        session.progress("lock-core: footprint");
        String lines = Commands.run(JavaCommand.withHeap("2g", Footprint.class));
        for (String line : lines.lines().toList()) {
            String what = line.substring(0, line.indexOf('|'));
            double bytes = Double.parseDouble(line.substring(line.indexOf('|') + 1));
            Double most = BYTES_MAX.get(what);
            session.add(
                    this,
                    what,
                    "bytes",
                    Comparison.alone(bytes),
                    most == null ? new Target[0] : new Target[] {new Target.AtMost(most)});
        }
    }

    /** Time for each waiter; among many it may not take much longer than among few. */
    private void queues(Session session) throws RunnerException {
        session.progress("lock-core: queues");
        Map<String, Series> each = new HashMap<>();
        for (JmhRun.Score score : JmhRun.of(Queue.class).with("waiting", WAITING).run()) {
            double waiting = Double.parseDouble(score.parameter("waiting"));
            Series micros =
                    new Series(
                            score.values().values().stream()
                                    .map(ms -> ms * 1e3 / waiting)
                                    .toList());
            each.put(score.method() + score.parameter("waiting"), micros);
        }
        for (String method : List.of("queueOnly", "queueAndDrain")) {
            Series few = Objects.requireNonNull(each.get(method + WAITING[0]));
            for (String waiting : WAITING) {
                boolean fewest = waiting.equals(WAITING[0]);
                boolean most = waiting.equals(WAITING[WAITING.length - 1]);
                session.add(
                        this,
                        (method.equals("queueOnly") ? "queue" : "queue and serve")
                                + ", each of %,d waiters".formatted(Long.parseLong(waiting)),
                        "µs",
                        new Comparison(
                                Objects.requireNonNull(each.get(method + waiting)),
                                fewest ? Map.of() : Map.of("each of 1,000", few),
                                null),
                        most
                                ? new Target[] {new Target.AtMostTimesPeer(4, "each of 1,000")}
                                : new Target[0]);
            }
        }
    }

    private void release(Session session) throws RunnerException {
        session.progress("lock-core: release of a system");
        Series values = JmhRun.of(ReleaseSystem.class).runOne().values();
        session.add(
                this,
                "release of 100,000 locks of one system among 1,100,000",
                "ms",
                new Comparison(values, Map.of(), null));
    }
}
