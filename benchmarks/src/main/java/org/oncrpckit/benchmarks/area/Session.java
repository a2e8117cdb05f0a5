package org.oncrpckit.benchmarks.area;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.oncrpckit.benchmarks.process.LockHost;
import org.oncrpckit.benchmarks.process.NativeTools;
import org.oncrpckit.benchmarks.result.Comparison;
import org.oncrpckit.benchmarks.result.Figure;
import org.oncrpckit.benchmarks.result.Sample;
import org.oncrpckit.benchmarks.result.Target;

/** One run of the benchmarks: how long everything takes, where things are, and what came out. */
public final class Session {
    private final boolean quick;
    private final NativeTools tools;
    private final Path scratch;
    private final Path nlmd;
    private final List<Figure> figures = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private boolean failed;

    /**
     * Starts one.
     *
     * @param quick whether to look only whether everything works
     * @param tools the programs in C
     * @param scratch folder for sockets, logs and state
     * @param nlmd launcher of the daemon
     */
    public Session(boolean quick, NativeTools tools, Path scratch, Path nlmd) {
        this.quick = quick;
        this.tools = tools;
        this.scratch = scratch;
        this.nlmd = nlmd;
    }

    /** Rounds of each comparison. */
    int rounds() {
        return quick ? 2 : 5;
    }

    /** How long one contestant is measured in one round. */
    double seconds() {
        return quick ? 0.2 : 0.5;
    }

    /** How long each contestant runs before the first round, so that it is compiled. */
    double warmUpSeconds() {
        return quick ? 0.5 : 1.2;
    }

    boolean quick() {
        return quick;
    }

    NativeTools tools() {
        return tools;
    }

    Path scratch() {
        return scratch;
    }

    Path nlmd() {
        return nlmd;
    }

    /**
     * Starts the host of the lock managers and monitors; empty, with a note, where name spaces
     * cannot be made (not root).
     *
     * @param leftOut what cannot be measured then
     */
    Optional<LockHost> lockHost(String leftOut) throws InterruptedException {
        try {
            return Optional.of(LockHost.start(tools.sources().resolve("lockhost"), scratch));
        } catch (IOException e) {
            note("no name spaces, so " + leftOut + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    /** An empty folder in the scratch folder. */
    Path freshFolder(String name) throws IOException {
        Path folder = scratch.resolve(name);
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        return Files.createDirectories(folder);
    }

    /** Says what is being done. */
    void progress(String what) {
        System.err.println(what);
    }

    /** Adds a line about what is missing or went wrong, which stands above the results, once. */
    void note(String line) {
        if (!notes.contains(line)) {
            System.err.println("note: " + line);
            notes.add(line);
        }
    }

    /** Adds a figure. */
    void add(Area area, String name, String unit, Comparison comparison, Target... targets) {
        Figure figure = comparison.figure(area.name(), name, unit, List.of(targets));
        figures.add(figure);
        System.err.printf(
                "  %s: %,.4g %s %s %s%n",
                name,
                figure.ours(),
                unit,
                figure.ratios(),
                figure.hasTarget() ? (figure.met() ? "met: " : "MISSED: ") + figure.target() : "");
    }

    /** Adds what a contest under load has shown: its rate, which has the targets, and latencies. */
    void addLoad(Area area, String name, String unit, Contest contest, Target... targets) {
        add(area, name, unit, contest.compare(Sample::rate), targets);
        addLatencies(area, name, contest);
    }

    /** Targets are for many calls in flight: one alone shows what the way there and back takes. */
    static Target[] targets(int inFlight, Target... targets) {
        return inFlight == 1 ? new Target[0] : targets;
    }

    /** Adds how long operations took in a contest. */
    void addLatencies(Area area, String name, Contest contest) {
        add(area, name + ", p50", "µs", contest.compare(Sample::p50));
        add(area, name + ", p99", "µs", contest.compare(Sample::p99));
    }

    /** Forgets what an area that failed half-way has added. */
    public void dropFigures(Area area) {
        figures.removeIf(figure -> figure.area().equals(area.name()));
    }

    /** Says that an area could not be measured. */
    public void failed(Area area, Exception reason) {
        failed = true;
        note(area.name() + " was not measured: " + reason.getMessage());
    }

    /** Whether an area could not be measured. */
    public boolean hasFailed() {
        return failed;
    }

    /** What came out so far. */
    public Collection<Figure> figures() {
        return List.copyOf(figures);
    }

    /** What was missing so far. */
    public List<String> notes() {
        return List.copyOf(notes);
    }
}
