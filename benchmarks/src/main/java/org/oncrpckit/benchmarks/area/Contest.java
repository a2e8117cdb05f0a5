package org.oncrpckit.benchmarks.area;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.oncrpckit.benchmarks.result.Comparison;
import org.oncrpckit.benchmarks.result.Sample;
import org.oncrpckit.benchmarks.result.Series;

/**
 * Contestants that run in turn, round after round: ours, peer, limit, ours, peer, limit … so that
 * what disturbs the machine for a while disturbs all of them.
 */
final class Contest {
    /** Something that can be measured for a while. */
    interface Contestant {
        /** Runs for about so many seconds. */
        Sample run(double seconds) throws IOException, InterruptedException;
    }

    private static final String OURS = "ours";
    private static final String LIMIT = "limit";

    private final Session session;
    private final String name;
    private final Map<String, Contestant> contestants = new LinkedHashMap<>();
    private final Map<String, List<Sample>> samples = new LinkedHashMap<>();

    private Contest(Session session, String name) {
        this.session = session;
        this.name = name;
    }

    static Contest of(Session session, String name, Contestant ours) {
        Contest contest = new Contest(session, name);
        contest.contestants.put(OURS, ours);
        return contest;
    }

    Contest peer(String peer, Contestant contestant) {
        contestants.put(peer, contestant);
        return this;
    }

    /** Nothing where it is missing. */
    Contest peer(String peer, Optional<Contestant> contestant) {
        contestant.ifPresent(present -> contestants.put(peer, present));
        return this;
    }

    Contest limit(Contestant contestant) {
        contestants.put(LIMIT, contestant);
        return this;
    }

    /** Warms all up, then runs the rounds. */
    Contest run() throws IOException, InterruptedException {
        return run(session.warmUpSeconds());
    }

    /** The same with another time for each contestant before the first round. */
    Contest run(double warmUpSeconds) throws IOException, InterruptedException {
        session.progress(name);
        for (Contestant each : contestants.values()) {
            if (warmUpSeconds > 0) {
                each.run(warmUpSeconds);
            }
        }
        for (int round = 0; round < session.rounds(); round++) {
            for (Map.Entry<String, Contestant> each : contestants.entrySet()) {
                Sample sample = each.getValue().run(session.seconds());
                samples.computeIfAbsent(each.getKey(), key -> new ArrayList<>()).add(sample);
            }
        }
        samples.forEach(this::noteErrors);
        return this;
    }

    private void noteErrors(String who, List<Sample> rounds) {
        long errors = rounds.stream().mapToLong(Sample::errors).sum();
        long again = rounds.stream().mapToLong(Sample::retransmissions).sum();
        if (errors > 0 || again > 0) {
            session.note(
                    "%s, %s: %d errors, %d retransmissions".formatted(name, who, errors, again));
        }
    }

    /** One quantity of all contestants. */
    Comparison compare(ToDoubleFunction<Sample> quantity) {
        Map<String, Series> peers = new LinkedHashMap<>();
        samples.forEach((who, rounds) -> peers.put(who, series(rounds, quantity)));
        Series ours = peers.remove(OURS);
        Series limit = peers.remove(LIMIT);
        return new Comparison(Objects.requireNonNull(ours, OURS), peers, limit);
    }

    private static Series series(List<Sample> rounds, ToDoubleFunction<Sample> quantity) {
        return new Series(rounds.stream().map(quantity::applyAsDouble).toList());
    }
}
