package org.oncrpckit.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.oncrpckit.benchmarks.area.Area;
import org.oncrpckit.benchmarks.area.LockCoreArea;
import org.oncrpckit.benchmarks.area.NlmArea;
import org.oncrpckit.benchmarks.area.NsmArea;
import org.oncrpckit.benchmarks.area.RpcClientArea;
import org.oncrpckit.benchmarks.area.RpcServerArea;
import org.oncrpckit.benchmarks.area.Session;
import org.oncrpckit.benchmarks.area.XdrArea;
import org.oncrpckit.benchmarks.chart.Charts;
import org.oncrpckit.benchmarks.process.NativeTools;
import org.oncrpckit.benchmarks.result.Figure;
import org.oncrpckit.benchmarks.result.Results;
import org.oncrpckit.benchmarks.result.Tables;

/**
 * Measures the areas that are asked for and writes the results. Started by {@code benchmarks/run}.
 */
public final class Benchmarks {
    private static final List<Area> AREAS =
            List.of(
                    new XdrArea(),
                    new RpcClientArea(),
                    new RpcServerArea(),
                    new LockCoreArea(),
                    new NlmArea(),
                    new NsmArea());
    private static final String QUICK = "--quick";

    private Benchmarks() {}

    /**
     * Measures.
     *
     * @param arguments names of areas (all when there is none), {@code --quick}
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> names = new ArrayList<>(List.of(arguments));
        boolean quick = names.removeIf(QUICK::equals);
        List<String> known = AREAS.stream().map(Area::name).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                System.err.printf("no area %s; %s%n", name, usage());
                System.exit(2);
            }
        }
        if (!NativeTools.canCompile()) {
            System.err.println("no C compiler (cc): the load generators cannot be built");
            System.exit(1);
        }
        endChildrenWithUs();
        Path home = Path.of(System.getProperty("benchmarks.home", "benchmarks"));
        Path target = home.resolve("target").toAbsolutePath();
        Path scratch = Files.createDirectories(target.resolve("run"));
        Session session =
                new Session(
                        quick,
                        new NativeTools(
                                home.resolve("native").toAbsolutePath(), target.resolve("native")),
                        scratch,
                        Path.of(System.getProperty("benchmarks.nlmd", "bin/nlmd")));
        for (Area area : AREAS) {
            if (names.isEmpty() || names.contains(area.name())) {
                measure(area, session);
            }
        }
        // What short rounds bring must not take the place of what can be relied on.
        write(quick ? target.resolve("quick-results") : home.resolve("results"), session, known);
        System.exit(session.hasFailed() ? 1 : 0);
    }

    /** What may be asked for. The script says it too, before it builds anything. */
    static String usage() {
        return AREAS.stream()
                .map(Area::name)
                .collect(Collectors.joining("] [", "usage: benchmarks/run [--quick] [", "]"));
    }

    /** What was started ends with this process, whatever ends it: a daemon would stay for ever. */
    private static void endChildrenWithUs() {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () ->
                                        ProcessHandle.current()
                                                .descendants()
                                                .forEach(ProcessHandle::destroy),
                                "end of children"));
    }

    private static void measure(Area area, Session session) throws InterruptedException {
        long started = System.nanoTime();
        try {
            area.measure(session);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            session.failed(area, e);
            session.dropFigures(area);
        }
        System.err.printf("%s took %.0f s%n", area.name(), (System.nanoTime() - started) / 1e9);
    }

    private static void write(Path folder, Session session, List<String> areas)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path json = folder.resolve("latest.json");
        List<Figure> figures =
                Results.merge(Results.read(json), List.copyOf(session.figures()), areas);
        Results.write(json, figures);
        List<Path> charts = Charts.draw(figures, folder);
        String tables = Tables.of(Machine.describe(), session.notes(), charts, figures);
        Files.writeString(folder.resolve("latest.md"), tables);
        System.out.println(tables);
    }
}
